"""The drawings of the convolutional layer: what they show is what was computed."""

import pytest

from cnncourse.chapters.the_convolutional_layer import connections, positions, volume
from cnncourse.chapters.the_convolutional_layer.exercises import output_size


@pytest.mark.parametrize("sizes", [(10, 3, 2, 1), (7, 2, 2, 0), (5, 5, 1, 0), (6, 3, 4, 2)])
def test_a_bar_for_each_position(sizes):
    W, F, S, P = sizes
    figure = positions(W, F, S, P)
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
    figure = positions(6, 3, 2, "same")
    assert "zeros: 0 before, 1 behind" in figure.alt and "3 positions" in figure.alt
    with pytest.raises(ValueError, match="does not fit"):
        positions(3, 5)


def test_connections_has_a_line_for_each_weight_used():
    figure = connections(7, 3)
    assert [len(ax.lines) for ax in figure.axes] == [35, 15, 15]
    looks = {(line.get_color(), line.get_linestyle()) for line in figure.axes[2].lines}
    assert len(looks) == 3  # as many looks as weights
    with pytest.raises(ValueError, match="does not fit"):
        connections(3, 4)


def test_volume_says_its_sizes():
    figure = volume(32, 5, 3, 6)
    assert "5×5×3, as deep as the image" in figure.alt and "28×28×6" in figure.alt
    assert any("75 products" in text.get_text() for text in figure.axes[0].texts)
    with pytest.raises(ValueError, match="does not fit"):
        volume(4, 5)
