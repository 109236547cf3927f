"""The drawings of the chapter on activations and pooling."""

import numpy as np
import pytest

from cnncourse import layers
from cnncourse.chapters.activations_and_pooling import (
    activations,
    convergence,
    gradient_sizes,
    pooled,
)


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
