"""The drawings of the convolutional layer: what they show is what was computed."""

import numpy as np
import pytest

from cnncourse.chapters.the_convolutional_layer import (
    commutative_square,
    connections,
    padding_and_stride,
    positions,
    volume,
)
from cnncourse.chapters.the_convolutional_layer.exercises import output_size


@pytest.mark.parametrize("sizes", [(10, 3, 2, 1), (7, 2, 2, 0), (5, 5, 1, 0), (6, 3, 4, 2)])
def test_a_bar_for_each_position(sizes):
    W, F, S, P = sizes
    figure = positions(W, F, S, P)
    (ax,) = figure.axes
    bars = [patch for patch in ax.patches if patch.get_height() == 0.5]
    assert len(bars) == output_size(W, F, P, S)
    assert [round(bar.get_x() - 0.08) for bar in bars] == [k * S - P for k in range(len(bars))]
    assert ax.get_title().startswith(f"W = {W}, F = {F}, P = {P}, S = {S}: ")
    cells = [text.get_text() for text in ax.texts[: W + 2 * P]]
    assert cells == ["0"] * P + [f"$x_{{{k}}}$" for k in range(W)] + ["0"] * P
    hatched = [patch for patch in ax.patches if patch.get_hatch()]
    left = (W - F + 2 * P) % S
    assert len(hatched) == left
    assert ("No pixel is" in figure.alt) == (left == 0)
    assert len(ax.patches) == W + 2 * P + len(bars)


def test_same_padding_may_be_behind_only():
    figure = positions(6, 3, 2, "same")
    assert "zeros: 0 before, 1 after" in figure.alt and "3 positions" in figure.alt
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
    notes = "\n".join(text.get_text() for text in figure.axes[0].texts)
    assert "one of 6 filters: 5×5×3\n75 products + bias" in notes
    assert "6 feature maps: 28×28×6" in notes  # the maps have 28×28 values, and no filter has
    with pytest.raises(ValueError, match="does not fit"):
        volume(4, 5)


@pytest.mark.parametrize(("size", "window"), [(6, 3), (7, 2), (5, 5)])
def test_a_dot_for_each_position(size, window):
    cases = [(0, 1), (1, 1), (0, 2), (1, 2)]
    figure = padding_and_stride(size, window, cases)
    for ax, (P, S) in zip(figure.axes, cases, strict=True):
        count, side = output_size(size, window, P, S), size + 2 * P
        assert len(ax.lines) == count**2
        assert {line.get_xdata()[0] for line in ax.lines} == {
            k * S - P + window / 2 for k in range(count)
        }
        assert ax.get_title() == f"P = {P}, S = {S}: {count}×{count}"
        left = (side - window) % S
        hatched = [patch for patch in ax.patches if patch.get_hatch()]
        assert len(hatched) == side**2 - (side - left) ** 2
        frames = [patch for patch in ax.patches if not patch.get_fill()]
        assert [frame.get_x() for frame in frames] == [k * S - P for k in range(min(count, 2))]
        assert f"Padding {P}, stride {S}: {count}×{count} positions" in figure.alt
    with pytest.raises(ValueError, match="does not fit"):
        padding_and_stride(2, 3, [(0, 1)])


def test_the_square_shows_its_four_pictures():
    pictures = [np.full((3, 4), value) for value in (0.5, -2.0, 0.25, 1.0)]
    figure = commutative_square(*pictures)
    shown = [np.asarray(ax.images[0].get_array()) for ax in figure.axes]
    for picture, array in zip(pictures, shown, strict=True):
        assert np.array_equal(picture, array)
    assert {figure.axes[k].images[0].get_clim() for k in (1, 3)} == {(-2, 2)}
    assert [text.get_text() for text in figure.texts] == ["layer", "layer", "shift", "shift"]
