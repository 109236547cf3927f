"""What the exercises on learning from examples compute, and the chapter's drawings."""

import numpy as np
import pytest

from cnncourse import gradients
from cnncourse.chapters.learning_from_examples import exercises, neuron, softmax_steps, two_losses
from cnncourse.losses import SigmoidCrossEntropy


def test_the_steps_are_those_of_batches():
    starts = [s for _ in range(3) for s in range(0, exercises.IMAGES, exercises.BATCH)]
    assert len(starts) == exercises.steps()
    assert exercises.IMAGES - starts[-1] == 40  # as the check says


def test_the_squared_errors_gradient_agrees_with_finite_differences():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(6, 4)), rng.normal(size=4)
    t, b = np.array([0, 1, 1, 0, 1, 0.0]), 0.3

    def loss():
        return np.mean((1 / (1 + np.exp(-(x @ w + b))) - t) ** 2)

    found = exercises.squared_gradient(x, t, w, b)
    assert gradients.difference(found, gradients.numerical(loss, w)) < 1e-6


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
