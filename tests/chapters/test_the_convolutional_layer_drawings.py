"""The pictures of chapters 02 and 03: what they draw is what was computed."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from cnncourse import layers, plots
from cnncourse.chapters.the_convolutional_layer.exercises import output_size


@pytest.mark.parametrize("sizes", [(10, 3, 2, 1), (7, 2, 2, 0), (5, 5, 1, 0), (6, 3, 4, 2)])
def test_a_bar_for_each_position(sizes):
    W, F, S, P = sizes
    figure = plots.positions(W, F, S, P)
    (ax,) = figure.axes
    bars = [patch for patch in ax.patches if patch.get_height() == 0.5]
    assert len(bars) == output_size(W, F, P, S)
    assert [round(bar.get_x() - 0.08) for bar in bars] == [k * S - P for k in range(len(bars))]
    hatched = [patch for patch in ax.patches if patch.get_hatch()]
    left = (W - F + 2 * P) % S
    assert len(hatched) == left
    assert ("No pixel is" in figure.alt) == (left == 0)
    assert len(ax.patches) == W + 2 * P + len(bars)


def test_same_padding_may_be_behind_only():
    figure = plots.positions(6, 3, 2, "same")
    assert "zeros: 0 before, 1 behind" in figure.alt and "3 positions" in figure.alt
    with pytest.raises(ValueError, match="does not fit"):
        plots.positions(3, 5)


def test_signed_has_one_scale_with_white_in_the_middle():
    figure = plots.signed({"a": [[-4, 1]], "b": np.zeros((20, 20))})
    shown = [ax.images[0] for ax in figure.axes[:2]]
    assert [image.get_clim() for image in shown] == [(-4, 4), (-4, 4)]
    assert [text.get_text() for text in figure.axes[0].texts] == ["−4", "1"]
    assert not figure.axes[1].texts  # too many to be read
    assert plots.signed({"nothing": [[0]]}, limit=2).axes[0].images[0].get_clim() == (-2, 2)
    photograph = plots.signed({"photograph": np.full((4, 4, 3), 0.5), "b": [[2]]})
    assert photograph.axes[1].images[0].get_clim() == (-2, 2)
    with pytest.raises(ValueError, match=r"'a' must be \(height, width\), got \(2,\)"):
        plots.signed({"a": [1, 2]})


def test_connections_has_a_line_for_each_weight_used():
    figure = plots.connections(7, 3)
    assert [len(ax.lines) for ax in figure.axes] == [35, 15, 15]
    looks = {(line.get_color(), line.get_linestyle()) for line in figure.axes[2].lines}
    assert len(looks) == 3  # as many looks as weights
    with pytest.raises(ValueError, match="does not fit"):
        plots.connections(3, 4)


def test_activations_are_drawn_from_what_layers_compute():
    figure = plots.activations([layers.Sigmoid(), layers.Tanh(), layers.ReLU()])
    assert "Sigmoid goes from 0.00 to 1.00, its largest slope is 0.25" in figure.alt
    assert "ReLU goes from 0.00 to 6.00, its largest slope is 1.00" in figure.alt
    functions, slopes = figure.axes
    tanh, slope = functions.lines[1], slopes.lines[1]
    assert np.allclose(tanh.get_ydata(), np.tanh(tanh.get_xdata()), atol=1e-6)
    assert np.allclose(slope.get_ydata(), 1 - np.tanh(tanh.get_xdata()) ** 2, atol=1e-6)


def test_histograms_show_shares_on_one_scale():
    figure = plots.histograms({"a": np.zeros((2, 5)), "b": [0, 1, 1, 1]}, "value", bins=2)
    heights = [[bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
               for ax in figure.axes]  # fmt: skip
    assert np.allclose(heights, [[1, 0], [0.25, 0.75]])
    assert figure.alt == "How often each value occurs. a: from 0 to 0; b: from 0 to 1"


def test_pooled_gives_a_window_and_its_result_one_colour():
    picture = np.arange(16).reshape(4, 4)
    figure = plots.pooled(picture, {"largest": [[5, 7], [13, 15]]})
    whole, result = figure.axes
    colours = [patch.get_facecolor() for patch in whole.patches]
    assert [colours.count(patch.get_facecolor()) for patch in result.patches] == [4, 4, 4, 4]
    assert colours[5] == result.patches[0].get_facecolor()
    assert figure.alt.endswith("largest: 5 7; 13 15")
    with pytest.raises(ValueError, match="expected results of one shape that divides"):
        plots.pooled(picture, {"largest": [[1, 2, 3]]})


def test_volume_says_its_sizes():
    figure = plots.volume(32, 5, 3, 6)
    assert "5×5×3, as deep as the image" in figure.alt and "28×28×6" in figure.alt
    assert any("75 products" in text.get_text() for text in figure.axes[0].texts)
    with pytest.raises(ValueError, match="does not fit"):
        plots.volume(4, 5)
