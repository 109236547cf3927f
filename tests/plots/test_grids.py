"""Numbers in cells: every one is written, framed where asked, and coloured by its sign."""

import numpy as np
import pytest

from cnncourse import plots


def test_grids_write_every_number():
    figure = plots.grids({"image": [[1, 0], [-0.5, 1 / 3]], "row": [7, np.nan, 9]})
    assert figure.alt == "Numbers in cells. image: 1 0, -0.5 0.33. row: 7 – 9"
    (ax,) = figure.axes
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["1", "0", "-0.5", "0.33", "image", "7", "9", "row"]
    assert figure.png() == plots.grids({"image": [[1, 0], [-0.5, 1 / 3]], "row": [7, np.nan, 9]},
                                       alt=figure.alt).png()  # fmt: skip


def test_cells_are_coloured_by_their_sign():
    (ax,) = plots.grids({"a": [-2.0, 0.0, 2.0]}).axes
    colours = [patch.get_facecolor() for patch in ax.patches[1::2]]  # each on a white cell
    negative, zero, positive = colours
    assert negative[:3] != positive[:3] and negative[3] == positive[3] > 0 == zero[3]


def test_frames_lie_around_their_part():
    (ax,) = plots.grids({"a": np.zeros((5, 5)), "b": [1]}, frames={"a": [(1, 2, 3, 2)]}).axes
    frame = next(patch for patch in ax.patches if patch.get_linewidth() == 3)
    first = ax.patches[0]  # the cell (0, 0)
    assert (frame.get_width(), frame.get_height()) == (2, 3)
    assert (frame.get_x() - first.get_x(), frame.get_y() - first.get_y()) == (2, 1)


def test_grids_refuse_what_is_no_table():
    with pytest.raises(ValueError, match=r"a: expected \(rows, columns\) .* got \(1, 2, 3\)"):
        plots.grids({"a": np.zeros((1, 2, 3))})
    with pytest.raises(ValueError, match="at least one cell"):
        plots.grids({"a": []})


def test_cells_shrink_where_there_are_many():
    few, many = plots.grids({"a": np.eye(3)}), plots.grids({"a": np.ones((9, 25))})
    assert few.get_figwidth() < many.get_figwidth() == 9
    for figure in few, many:  # cells fill the figure, and are square
        (ax,) = figure.axes
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        assert (right - left) / (bottom - top) == pytest.approx(
            figure.get_figwidth() / figure.get_figheight()
        )
