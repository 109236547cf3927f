"""The exercises of the chapter about learning from examples, and its drawings."""

import numpy as np
import pytest

from cnncourse.chapters.learning_from_examples import exercises, neuron, softmax_steps, two_losses
from cnncourse.losses import SigmoidCrossEntropy


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (48, "right: 16 steps an epoch"),
        (45, "left over"),
        (16, "one epoch"),
        (3000, "each image"),
        (47, "ends with its last image"),
        (7, "how many batches"),
    ],
)
def test_steps(answer, hint, says):
    says(hint, exercises.check_steps, answer)


def test_the_steps_are_those_of_batches():
    starts = [s for _ in range(3) for s in range(0, exercises.IMAGES, exercises.BATCH)]
    assert len(starts) == exercises.STEPS
    assert exercises.IMAGES - starts[-1] == 40  # as the check says


def output(x, w, b):
    return 1 / (1 + np.exp(-(x @ w + b)))


def gradient(scale=1.0, sigmoid=True, mean=True):
    """The gradient of the squared error, or one with a mistake."""

    def function(x, t, w, b):
        p = output(x, w, b)
        by_sum = 2 * scale * (p - t) * (p * (1 - p) if sigmoid else 1)
        return by_sum @ x / (len(x) if mean else 1)

    return function


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda x, t, w, b: None, "not answered yet"),
        (exercises.squared_gradient, "right"),
        (gradient(), "right"),
        (gradient(0.5), "factor 2"),
        (gradient(-1), "turned round"),
        (gradient(mean=False), "their mean"),
        (gradient(0.5, sigmoid=False), "the gradient of −log p"),
        (gradient(sigmoid=False), "is missing"),
        (lambda x, t, w, b: x, "a derivative for each weight, (4,), not (6, 4)"),
        (lambda x, t, w, b: np.ones(4), "the chain"),
    ],
)
def test_squared_gradient(function, hint, says):
    says(hint, exercises.check_squared_gradient, function)


@pytest.mark.parametrize(
    ("check", "answer", "hint"),
    [
        (exercises.check_softmax, exercises.softmax, "right"),
        (exercises.check_softmax, lambda z: exercises.softmax(z - 5), "right"),
        (exercises.check_softmax, lambda z: z[0], "the shape should be (4, 3), yours is (3,)"),
        (exercises.check_softmax, np.zeros_like, "the shape is right, the values are not"),
        (exercises.check_loss, exercises.loss, "right"),
        (exercises.check_loss, lambda z, labels: exercises.loss(z - 7, labels), "right"),
        (exercises.check_loss, lambda z, labels: exercises.loss(z, labels)[0], "its gradient"),
        (exercises.check_loss, lambda z, labels: (5.0, z), "the loss: the shape is right"),
    ],
)
def test_softmax_and_loss(check, answer, hint, says):
    says(hint, check, answer)


def test_the_drawn_losses_and_their_derivatives():
    figure = two_losses()
    curves = {
        (ax.get_ylabel(), line.get_label()): line.get_data()
        for ax in figure.axes
        for line in ax.lines
        if not line.get_label().startswith("_")
    }
    for name in ("squared error", "−log p"):
        z, loss = curves["loss", name]
        _, derivative = curves["derivative", name]
        middle = slice(1, -1)  # without the ends, where differences are one-sided
        assert np.allclose(np.gradient(loss, z)[middle], derivative[middle], atol=2e-3)
    z, loss = curves["loss", "−log p"]
    assert np.isclose(loss[30], SigmoidCrossEntropy()([[z[30]]], [1]))
    _, flat = curves["derivative", "squared error"]
    _, steep = curves["derivative", "−log p"]
    assert abs(flat[0]) < 1e-3 and np.isclose(steep[0], -1, atol=1e-3)  # confidently wrong


def test_the_neuron_has_all_its_parts():
    figure = neuron()
    (ax,) = figure.axes
    drawn = " ".join(text.get_text() for text in ax.texts)
    for part in ("input", "weight", "weighted sum", "bias", "activation", "output"):
        assert part in drawn and part in figure.alt
    for name in ("x_{1}", "x_{784}", "w_{1}", "w_{784}", "$b$", "$z$", "$p$"):
        assert name in drawn


def test_softmax_is_drawn_as_it_is():
    figure = softmax_steps([1, -2])
    heights = [[bar.get_height() for bar in ax.patches] for ax in figure.axes]
    assert np.allclose(heights[0], [1, -2]) and np.allclose(heights[1], np.exp([1, -2]))
    assert np.isclose(sum(heights[2]), 1) and "0.953, 0.047" in figure.alt
    for wrong in ([], [[1, 2]]):
        with pytest.raises(ValueError, match="logits"):
            softmax_steps(wrong)
