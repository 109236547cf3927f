"""The drawings of convolution in one dimension: their bars, lines and descriptions."""

import numpy as np
import pytest

from cnncourse.chapters.convolution import contributions, steps_and_curve


def test_contributions_are_stacked_to_the_convolution():
    figure = contributions([2, 0, 1], [1, 3], x="hour", part="rain of hour {}")
    assert figure.alt == (
        "4 bars: 2, 6, 1, 3. They are stacked from rain of hour 0: 2, 6; rain of hour 2: 1, 3"
    )
    (ax,) = figure.axes
    tops = np.zeros(4)
    for bar in ax.patches:
        position = round(bar.get_x() + bar.get_width() / 2)
        assert bar.get_y() == tops[position]  # each stands on those below it
        tops[position] += bar.get_height()
    assert tops.tolist() == np.convolve([2, 0, 1], [1, 3]).tolist()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "rain of hour 0",
        "rain of hour 2",
    ]
    with pytest.raises(ValueError, match="expected no negative values"):
        contributions([1, -1], [1])


def test_steps_and_curve():
    xs = np.linspace(0, 1, 11)
    figure = steps_and_curve((xs, xs), {"rough": ([0, 1], [0.25, 1]), "fine": (xs, xs)})
    assert figure.alt == (
        "A curve, and what approximates it. rough: at most 0.25 away; fine: at most 0.00 away"
    )
    (ax,) = figure.axes
    assert [line.get_label() for line in ax.lines] == ["integral", "rough", "fine"]
