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
    (ax,) = plots.grids({"a": [-2.0, 0.0, 1.0, 2.0]}).axes
    negative, zero, half, positive = 1 - ax.collections[0].get_facecolors()[:, :3]  # from white
    assert np.all(zero == 0) and negative[2] < negative[1] and positive[2] > positive[1] > 0
    assert np.allclose(half, positive / 2)


def test_frames_lie_around_their_part():
    (ax,) = plots.grids({"a": np.zeros((5, 5)), "b": [1]}, frames={"a": [(1, 2, 3, 2)]}).axes
    (frame,) = ax.patches
    left, top = ax.collections[0].get_paths()[0].vertices.min(axis=0)  # of the cell (0, 0)
    assert (frame.get_width(), frame.get_height()) == (2, 3)
    assert (frame.get_x() - left, frame.get_y() - top) == (2, 1)


def test_numbers_stay_within_their_cells():
    figure = plots.grids({"a": [[-1234.75, 0.25], [1, -2]]})
    figure.draw_without_rendering()
    (ax,) = figure.axes
    cell = np.ptp(ax.transData.transform([(0, 0), (1, 0)])[:, 0])
    widths = [text.get_window_extent().width for text in ax.texts]
    assert max(widths) < cell and len(widths) == 5  # with the title


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
