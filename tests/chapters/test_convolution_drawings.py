"""The drawings of convolution in one dimension: their bars, lines and descriptions."""

import numpy as np
import pytest

from cnncourse.chapters.convolution import contributions, flipped_or_not, steps_and_curve
from cnncourse.filters import conv1d, correlate1d
from cnncourse.plots.grids import short


def test_contributions_are_stacked_to_the_convolution():
    figure = contributions([2, 0, 1], [1, 3], x="hour", y="mm", part="rain of hour {}")
    assert figure.alt == (
        "4 bars: 2, 6, 1, 3. They are stacked from rain of hour 0: 2, 6; rain of hour 2: 1, 3"
    )
    (ax,) = figure.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("hour", "mm")
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


def test_one_kernel_backwards_and_forwards():
    signal, kernel = np.array([2, 0, 4, -1, 3]), np.array([0.5, 0.3, 0.2])
    figure = flipped_or_not(signal, kernel)
    results = conv1d(signal, kernel), correlate1d(signal, kernel)
    for ax, read, result in zip(figure.axes, (kernel[::-1], kernel), results, strict=True):
        texts = [text.get_text() for text in ax.texts]
        assert texts[:5] == [short(value) for value in signal]
        for t, total in enumerate(result):  # the kernel, then its sum
            of_position = texts[5 + 4 * t : 9 + 4 * t]
            assert of_position[:3] == [short(value) for value in read]
            terms, said = of_position[3].split("\n= ")
            assert said == short(total)
            assert eval(terms.replace("·", "*")) == pytest.approx(total)
        frames = [patch for patch in ax.patches if not patch.get_fill()]
        assert [frame.get_x() for frame in frames] == [0, 1, 2]
    assert "backwards, 0.2 0.3 0.5; sums 2.4" in figure.alt
    with pytest.raises(ValueError, match="fits nowhere"):
        flipped_or_not([1], [1, 2])
