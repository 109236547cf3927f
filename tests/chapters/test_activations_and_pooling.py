"""Activations and pooling: the exercises' checks, the race to an accuracy, and the drawings."""

import numpy as np
import pytest

from cnncourse import Sequential, layers, optimizers
from cnncourse.chapters.activations_and_pooling import activations, exercises, pooled, steps_until


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: None, "not answered yet"),
        (exercises.leaky_derivative, "right"),
        (lambda x: np.where(x > 0, x, 0.1 * x), "the function itself"),
        (lambda x: (x > 0) * 1.0, "derivative of ReLU"),
        (lambda x: np.where(x > 0, 1, -0.1), "not −0.1"),
        (lambda x: np.where(x > 0, 0.1, 1), "confused"),
        (lambda x: 1.0, "yours have ()"),
        (lambda x: 0.5 * np.ones_like(x), "at x = -3 the derivative is 0.1"),
    ],
)
def test_leaky_derivative(answer, hint, says):
    says(hint, exercises.check_leaky_derivative, answer)


def four(x):
    return [x[:, u:4:2, v:6:2] for u in range(2) for v in range(2)]


def spoils(x):
    x[:] = 0
    return four(x)[0]


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: None, "not answered yet"),
        (exercises.max_pool, "right"),
        (lambda x: np.array(layers.MaxPooling2D(2)(x)), "right"),
        (lambda x: np.array(layers.AveragePooling2D(2)(x)), "the means"),
        (lambda x: four(x)[0], "the first value"),
        (lambda x: np.maximum(np.max(four(x), axis=0), 0), "below 0"),
        (lambda x: np.array(layers.MaxPooling2D(2, strides=1)(x))[:, :2, :3], "side by side"),
        (lambda x: np.array(layers.MaxPooling2D(2, padding="same")(x)), "becomes"),
        (spoils, "changes the array"),
        (lambda x: np.min(four(x), axis=0), "the values are not"),
    ],
)
def test_max_pool(answer, hint, says):
    says(hint, exercises.check_max_pool, answer)


def test_the_solution_pools_as_the_layer_does():
    x = np.random.default_rng(0).standard_normal((3, 6, 5, 2))
    assert np.allclose(exercises.max_pool(x), layers.MaxPooling2D(2)(x))


def easy_race(learning_rate, limit=100):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((60, 2))
    model = Sequential([layers.Dense(2)], input_shape=(2,), seed=0)
    model.compile(optimizers.SGD(learning_rate))
    return steps_until(0.95, model, x, (x[:, 0] > 0).astype(int), limit=limit), model, x


def test_a_race_ends_when_the_accuracy_is_reached():
    steps, model, x = easy_race(0.1)
    assert steps % 10 == 0 and steps == model.optimizer.iterations
    assert model.evaluate(x, (x[:, 0] > 0).astype(int))[1] >= 0.95
    assert easy_race(0.1)[0] == steps
    slow, model, _ = easy_race(1e-6, limit=20)
    assert slow is None and model.optimizer.iterations == 20


def test_a_race_needs_a_goal():
    with pytest.raises(ValueError, match="accuracy must be above 0 and at most 1, got 90"):
        steps_until(90, Sequential([layers.Dense(2)], (2,)), np.zeros((1, 2)), [0])


def test_activations_are_drawn_from_what_layers_compute():
    figure = activations([layers.Sigmoid(), layers.Tanh(), layers.ReLU()])
    assert "Sigmoid goes from 0.00 to 1.00, its largest derivative is 0.25" in figure.alt
    assert "ReLU goes from 0.00 to 6.00, its largest derivative is 1.00" in figure.alt
    functions, derivatives = figure.axes
    tanh = functions.lines[1]
    derivative = derivatives.lines[1]
    assert np.allclose(tanh.get_ydata(), np.tanh(tanh.get_xdata()), atol=1e-6)
    assert np.allclose(derivative.get_ydata(), 1 - np.tanh(tanh.get_xdata()) ** 2, atol=1e-6)


def test_pooled_gives_a_window_and_its_result_one_colour():
    picture = np.arange(16).reshape(4, 4)
    figure = pooled(picture, {"largest": [[5, 7], [13, 15]]})
    whole, result = figure.axes
    colours = [patch.get_facecolor() for patch in whole.patches]
    assert [colours.count(patch.get_facecolor()) for patch in result.patches] == [4, 4, 4, 4]
    assert colours[5] == result.patches[0].get_facecolor()
    assert figure.alt.endswith("largest: 5 7; 13 15")
    with pytest.raises(ValueError, match="expected results of one shape that divides"):
        pooled(picture, {"largest": [[1, 2, 3]]})
