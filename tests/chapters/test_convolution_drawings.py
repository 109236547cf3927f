"""Chapter 01's pictures: what stands in them, and their descriptions."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnncourse import plots
from cnncourse.plots.figure import DescribedFigure


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


def test_photographs_in_rows():
    grey, colour = np.linspace(-1, 2, 12).reshape(3, 4), np.full((3, 4, 3), 0.5)
    figure = plots.photographs({"grey": grey, "colour": colour, "edges": grey - 0.5, "more": grey},
                               signed=["edges"])  # fmt: skip
    assert figure.alt == "Photographs: grey, colour, edges, more"
    shown = [ax.images[0] for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in figure.axes] == ["grey", "colour", "edges", "more", "", ""]
    assert len(shown) == 4
    assert np.array_equal(shown[0].get_array(), np.clip(grey, 0, 1))
    assert shown[0].get_clim() == (0, 1)
    low, high = shown[2].get_clim()
    assert low == -high and shown[2].get_cmap().name == "PuOr"
    assert np.array_equal(shown[2].get_array(), grey - 0.5)
    with pytest.raises(ValueError, match=r"x: expected \(height, width\) or .* got \(2, 3, 4, 3\)"):
        plots.photographs({"x": np.zeros((2, 3, 4, 3))})


def test_contributions_are_stacked_to_the_convolution():
    figure = plots.contributions([2, 0, 1], [1, 3], x="hour", part="rain of hour {}")
    assert figure.alt == (
        "4 bars: 2, 6, 1, 3. They are stacked from rain of hour 0: 2, 6; rain of hour 2: 1, 3"
    )
    (ax,) = figure.axes
    tops = np.zeros(4)
    for bar in ax.patches:
        place = round(bar.get_x() + bar.get_width() / 2)
        assert bar.get_y() == tops[place]  # each stands on those below it
        tops[place] += bar.get_height()
    assert tops.tolist() == np.convolve([2, 0, 1], [1, 3]).tolist()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "rain of hour 0",
        "rain of hour 2",
    ]
    with pytest.raises(ValueError, match="expected no negative numbers"):
        plots.contributions([1, -1], [1])


def test_steps_and_curve():
    xs = np.linspace(0, 1, 11)
    figure = plots.steps_and_curve((xs, xs), {"rough": ([0, 1], [0.25, 1]), "fine": (xs, xs)})
    assert figure.alt == (
        "A curve, and what approximates it. rough: at most 0.25 away; fine: at most 0.00 away"
    )
    (ax,) = figure.axes
    assert [line.get_label() for line in ax.lines] == ["integral", "rough", "fine"]


def test_photographs_are_stored_in_few_colours():
    noise = np.random.default_rng(0).random((60, 80))  # grey
    stored = plots.photographs({"noise": noise}).png()
    whole = DescribedFigure.png(plots.photographs({"noise": noise}))  # as other figures are stored
    assert len(stored) < 0.7 * len(whole)
    assert stored == plots.photographs({"noise": noise}).png()
    small, large = (np.asarray(Image.open(BytesIO(p)).convert("RGB"), int) for p in (stored, whole))
    assert small.shape == large.shape and np.abs(small - large).mean() < 2
    assert small[0, 0].tolist() == [255, 255, 255]  # paper stays white


def test_cells_shrink_where_there_are_many():
    few, many = plots.grids({"a": np.eye(3)}), plots.grids({"a": np.ones((9, 25))})
    assert few.get_figwidth() < many.get_figwidth() == 9
    for figure in few, many:  # cells fill the figure, and are square
        (ax,) = figure.axes
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        assert (right - left) / (bottom - top) == pytest.approx(
            figure.get_figwidth() / figure.get_figheight()
        )
