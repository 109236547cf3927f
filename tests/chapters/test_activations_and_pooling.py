"""Activations and pooling: the exercises' checks, and the drawings."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.activations_and_pooling import (
    activations,
    convergence,
    exercises,
    gradient_sizes,
    pooled,
)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: None, "not answered yet"),
        (exercises.leaky_derivative, "right"),
        (lambda x: np.where(x > 0, x, 0.1 * x), "the function itself"),
        (lambda x: (x > 0) * 1.0, "derivative of ReLU"),
        (lambda x: np.where(x > 0, 1, -0.1), "yours falls"),
        (lambda x: np.where(x > 0, 0.1, 1), "confused"),
        (lambda x: 1.0, "yours have ()"),
        (lambda x: np.where(x > 0, 1, 0.1 * x), "below zero the function is a straight line"),
        (lambda x: np.where(x > 0, x, 0.1), "above zero the function is a straight line"),
        (lambda x: np.where(x > 0, 1, 0.01), "below zero, how much is added"),
        (lambda x: np.where(x > 0, 1, 10), "below zero, how much is added"),
        (lambda x: np.where(x > 0, 0.9, 0.1), "above zero, how much is added"),
    ],
)
def test_leaky_derivative(answer, hint, says):
    says(hint, exercises.check_leaky_derivative, answer)


def by_reshaping(x, F, S):
    """For windows side by side that leave nothing over."""
    N, H, W, C = x.shape
    return x.reshape(N, H // F, F, W // F, F, C).max(axis=(2, 4))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x, F, S: None, "not answered yet"),
        (lambda x, F, S: np.array(layers.MaxPooling2D(F, strides=S)(x)), "right"),
        (lambda x, F, S: np.array(layers.AveragePooling2D(F, strides=S)(x)), "the means"),
        (
            lambda x, F, S: np.array(layers.MaxPooling2D(F, strides=S, padding="same")(x)),
            "does not fit whole",
        ),
        (lambda x, F, S: np.array(layers.MaxPooling2D(F)(x)), 'step 3 of 4, "other windows"'),
        (by_reshaping, 'step 2 of 4, "rows and columns left over": your function raises'),
    ],
)
def test_max_pool(answer, hint, says):
    says(hint, exercises.check_max_pool, answer)


def test_the_way_back_is_that_of_the_layer(says):
    def by_layer(x, F, S, g):
        chain = [layers.MaxPooling2D(F, strides=S)]
        model = Sequential(chain, input_shape=x.shape[1:], device="reference")
        model(x)
        return np.array(model.backward(g))

    says("right", exercises.check_max_pool_backward, by_layer)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (layers.MaxPooling2D(3, strides=2).output_shape((32, 23, 8)), "right"),
        ([15, 11, 8], "right"),
        ((16, 11, 8), "rounds up"),
        (layers.MaxPooling2D(3, strides=2, padding="same").output_shape((32, 23, 8)), "'same'"),
        (layers.MaxPooling2D(3).output_shape((32, 23, 8)), "side by side"),
        (layers.MaxPooling2D(3, strides=1).output_shape((32, 23, 8)), "a stride of 1"),
        ((14, 10, 8), "at the start"),
        ((15, 11, 1), "none is lost"),
        ((15, 11), "how many channels"),
        ((1, 2, 3), "axis by axis"),
    ],
)
def test_sizes(answer, hint, says):
    says(hint, exercises.check_sizes, answer)


def test_runs_that_do_not_arrive_count_in_no_mean():
    figure = convergence({"tanh": {0.1: [30, 50]}, "ReLU": {0.1: [60], 0.5: [80, None]}}, "80 %")
    (ax,) = figure.axes
    means = [line for line in ax.lines if line.get_label() in ("tanh", "ReLU")]
    assert [list(line.get_ydata()) for line in means] == [[40], [60, 80]]
    crosses = [line for line in ax.lines if line.get_marker() == "x"]
    assert [list(line.get_xdata()) for line in crosses] == [[0.5]]
    assert figure.alt.endswith("0.5: 80 on average, 1 of 2 runs did not get there")
    assert ax.get_xscale() == "log" and ax.get_ylim()[1] > 80


def test_a_kind_that_never_arrives_is_all_crosses():
    figure = convergence({"tanh": {0.1: [30]}, "sigmoid": {0.1: [None, None]}}, "80 %")
    assert "sigmoid: 0.1: 2 of 2 runs did not get there" in figure.alt


def test_gradient_sizes_are_drawn_in_powers_of_ten():
    figure = gradient_sizes({"sigmoid": [1e-7, 1e-5, 1e-3], "tanh": [0.002, 0.003, 0.004]})
    (ax,) = figure.axes
    assert ax.get_yscale() == "log"
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2, 3], [1, 2, 3]]
    assert list(ax.lines[0].get_ydata()) == [1e-7, 1e-5, 1e-3]
    assert "sigmoid: from 1e-07 to 1e-03" in figure.alt


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
