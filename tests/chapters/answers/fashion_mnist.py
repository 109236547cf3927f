"""Answers to the exercises on Fashion-MNIST, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.fashion_mnist import exercises
from cnncourse.metrics import confusion


def once(labels, predictions, classes):
    table = np.zeros((classes, classes), int)
    table[labels, predictions] += 1
    return table


def shares(labels, predictions, classes):
    table = confusion(labels, predictions, classes)
    return table / table.sum(axis=1, keepdims=True).clip(1)


def in_a_loop(labels, predictions, classes):
    table = np.zeros((classes, classes))
    for label, said in zip(labels, predictions, strict=True):
        table[label, said] += 1
    return table.tolist()


def top(x):
    return np.isin(x, exercises.TOPS)


ANSWERS = {
    exercises.check_biases: [
        (48.0, "right: "),
        (58, "dense layer's biases"),
        (10, "dense layer's biases"),
        (16, "both blocks"),
        (0, "a constant added"),
    ],
    exercises.check_confusion: [
        (confusion, "right: "),
        (in_a_loop, "right: "),
        (lambda labels, predictions, classes: confusion(predictions, labels, classes), "transpos"),
        (lambda labels, predictions, classes: confusion(labels, predictions, 3), "a class without"),
        (lambda labels, predictions, classes: confusion(labels, predictions, 10), "(4, 4), yours"),
        (once, "use np.add.at"),
        (shares, "shares of each row"),
        (lambda y, p, classes: confusion(y, p, classes) / len(y), "shares of all images"),
        (
            lambda y, p, classes: np.diag([((y == k) & (p == k)).sum() for k in range(classes)]),
            "the diagonal is right",
        ),
        (lambda y, p, classes: np.zeros((classes, classes)), "the values are not, first at [0, 0]"),
    ],
    exercises.check_merged: [
        (lambda y, p: np.mean((y == p) | (top(y) & top(p))), "right: "),
        (lambda y, p: np.mean(y == p), "ten classes"),
        (lambda y, p: np.mean((y == p) | top(y)), "called a dress is still"),
        (lambda y, p: np.mean((y == p) | top(p)), "called a top is still"),
        (lambda y, p: np.mean(top(p)[top(y)]), "recall of the new class"),
        (lambda y, p: np.mean(top(y) == top(p)), "other six classes"),
        (lambda y, p: 100 * exercises.merged_accuracy(y, p), "from 0 to 1"),
        (lambda y, p: len(y) * exercises.merged_accuracy(y, p), "the number of images"),
        (lambda y, p: 0.123, "0.123 is not right"),
        (lambda y, p: y == p, "the shape should be (), yours is (12,)"),
    ],
    exercises.check_smoothing: [
        (np.float32(0.5), "right: "),
        (0.71, "without smoothing"),
        (0.84, "the correct predictions"),
        (0.95, "label_smoothing=0.1"),
        (3.2, "after a softmax"),
        (float("nan"), "after a softmax"),
        (0.1, "the largest of the ten"),
    ],
}
