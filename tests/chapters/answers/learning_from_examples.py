"""Answers to the exercises on learning from examples, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.learning_from_examples import exercises


def output(x, w, b):
    return 1 / (1 + np.exp(-(x @ w + b)))


def gradient(scale=1.0, sigmoid=True, mean=True):
    """The gradient of the squared error, or one with a mistake."""

    def function(x, t, w, b):
        p = output(x, w, b)
        by_sum = 2 * scale * (p - t) * (p * (1 - p) if sigmoid else 1)
        return by_sum @ x / (len(x) if mean else 1)

    return function


def plain_softmax(z, axis=1):
    return np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)


ANSWERS = {
    exercises.check_steps: [
        (np.int64(48), "right: 16 steps an epoch"),
        (45, "left over"),
        (16, "one epoch"),
        (3000, "each image"),
        (47, "ends with its last image"),
        (46.875, "a whole step"),
        (7, "how many batches"),
        ("48", "expected a number"),
    ],
    exercises.check_squared_gradient: [
        (gradient(), "right: "),
        (gradient(0.5), "factor 2"),
        (gradient(-1), "turned round"),
        (gradient(mean=False), "their mean"),
        (gradient(0.5, sigmoid=False), "the gradient of −log p"),
        (gradient(sigmoid=False), "is missing"),
        (lambda x, t, w, b: x, "the shape should be (4,), yours is (6, 4)"),
        (lambda x, t, w, b: np.ones(len(w)), "the values are not"),
        (lambda x, t, w, b: w @ t, "your function raises ValueError"),
    ],
    exercises.check_softmax: [
        (lambda z: exercises.softmax(z - 5), "right: "),
        (plain_softmax, "logits of 1,000"),
        (lambda z: plain_softmax(z, axis=None), "all images together"),
        (lambda z: plain_softmax(z, axis=0), "columns"),
        (lambda z: z / z.sum(axis=1, keepdims=True), "may be negative"),
        (lambda z: z[0], "the shape should be (4, 3), yours is (3,)"),
        (np.zeros_like, "the shape is right, the values are not"),
    ],
    exercises.check_loss: [
        (lambda z, labels: exercises.loss(z - 7, labels), "right: "),
        (lambda z, labels: exercises.loss(z, labels)[0], "its gradient"),
        (lambda z, labels: exercises.loss(z, labels)[::-1], "their order is not"),
        (lambda z, labels: (5.0, z), "the loss: 5 is not right"),
    ],
    exercises.check_moved: [
        ("With a convolution", "right: "),
        ("dense network", "another one drops less"),
        ("softmax regression", "another one drops less"),
        ("all", "expected 'dense network', 'softmax regression' or 'with a convolution'"),
    ],
}
