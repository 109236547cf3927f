"""The exercises of the chapter about MNIST with dropout, and its drawings."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.mnist_with_dropout import bars_by_class, before_and_after, exercises


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (5566, "right"),
        (5566.4, "right"),
        (4759, "hold nines, too"),
        (1392, "for validation"),
        (5600, "not equally large"),
        (6958, "count all nines"),
    ],
)
def test_nines(answer, hint, says):
    says(hint, exercises.check_nines, answer)


def ordered(labels, share, rng):
    positions = np.arange(len(labels))
    count = round(share * len(labels))
    return positions[:count], positions[count:]


def mixed(labels, share, rng):
    return ordered(labels, share, rng)[0], np.arange(5)


def by_class(labels, share, rng=None):
    """Without any chance."""
    parts = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    cuts = [round(share * len(part)) for part in parts]
    return [
        np.concatenate([part[:cut] for part, cut in zip(parts, cuts, strict=True)]),
        np.concatenate([part[cut:] for part, cut in zip(parts, cuts, strict=True)]),
    ]


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda labels, share, rng: None, "not answered yet"),
        (exercises.stratified, "right"),
        (ordered, "of class 2 50 images are for training, and 64 are its share"),
        (mixed, "on both sides"),
        (by_class, "another rng gives the same images"),
        (lambda labels, share, rng: exercises.stratified(labels, share, rng)[::-1], "exchanged"),
        (lambda labels, share, rng: exercises.stratified(labels, 0.5, rng), "80% were asked"),
        (lambda labels, share, rng: exercises.stratified(labels, 0.8, rng), "not for 50%"),
        (lambda labels, share, rng: (np.zeros(3, int), np.ones(3, int)), "comes twice"),
        (lambda labels, share, rng: (np.arange(9), np.arange(9, 20)), "130 of 150 images are on"),
        (lambda labels, share, rng: (np.arange(120), np.arange(121, 151)), "between 0 and 149"),
        (lambda labels, share, rng: (labels > 0, labels == 0), "whole numbers"),
        (lambda labels, share, rng: 3, "two arrays are wanted"),
    ],
)
def test_split(function, hint, says):
    says(hint, exercises.check_split, function)


def standardised(train, validation, by=None, mean=True, deviation=True):
    """Both, each by itself if ``by`` is None, with a mistake if so asked."""
    return [
        (images - mean * (images if by is None else by).mean())
        / ((images if by is None else by).std() if deviation else 1)
        for images in (train, validation)
    ]


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda train, validation: None, "not answered yet"),
        (exercises.standardised, "right"),
        (lambda a, b: standardised(a, b, a), "right"),
        (standardised, "of their own"),
        (lambda a, b: (a, (b - b.mean()) / b.std()), "each set got numbers of its own"),
        (
            lambda a, b: standardised(a, b, np.concatenate([a.ravel(), b.ravel()])),
            "should take no part",
        ),
        (lambda a, b: standardised(a, b, a, deviation=False), "division by the standard"),
        (lambda a, b: standardised(a, b, a, mean=False), "the mean is still in it"),
        (lambda a, b: [(x - a.mean()) / a.var() for x in (a, b)], "by the variance"),
        (lambda a, b: (a / 255, b / 255), "from 0 to 1"),
        (lambda a, b: (standardised(a, b, a)[0], b), "the validation images are not"),
        (lambda a, b: (a, b), "subtract the training images' mean"),
        (lambda a, b: a, "two arrays are wanted"),
        (lambda a, b: (a[0], b), "the shapes stay"),
    ],
)
def test_standardised(function, hint, says):
    says(hint, exercises.check_standardised, function)


def padded(padding):
    first, second = (layers.Conv2D(filters, 3, padding=padding) for filters in exercises.FILTERS)
    chain = [first, second, layers.MaxPooling2D(2), layers.Flatten()]
    return Sequential([*chain, layers.Dense(128), layers.Dense(10)], (28, 28, 1)).count_params()


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (padded(1), "right"),
        (padded(0), "without padding"),
        (padded(1) - 128, "128 biases"),
        (padded(1) - 96, "each filter has a bias"),
        (6_442_762, "halves both sides"),
        (1_404_682, "both convolutions"),
        (3, "only the first dense layer"),
    ],
)
def test_padded_parameters(answer, hint, says):
    says(hint, exercises.check_padded_parameters, answer)


def test_bars_are_as_high_as_the_shares():
    figure = bars_by_class({"a": [0.2, 0.8], "b": [0.5, 0.5]}, ["cat", "dog"], "images")
    (ax,) = figure.axes
    assert [bar.get_height() for bar in ax.patches] == [20, 80, 50, 50]
    left, right = ax.patches[0], ax.patches[2]  # of the same class, side by side
    assert np.isclose(left.get_x() + left.get_width(), right.get_x())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog"]
    assert ax.get_legend() and not bars_by_class({"a": [1]}, ["cat"], "x").axes[0].get_legend()


def test_before_and_after_share_a_scale():
    before, after = np.full((3, 3, 2), 0.5), np.stack([np.eye(3), -2 * np.eye(3)], axis=-1)
    figure = before_and_after(before, after, "filter")
    images = [ax.images[0] for ax in figure.axes if ax.images]
    assert len(images) == 4
    assert {image.get_clim() for image in images} == {(-2, 2)}
    np.testing.assert_array_equal(images[3].get_array(), after[..., 1])
    assert "−2.00" in figure.alt


@pytest.mark.parametrize(
    ("without", "with_dropout", "hint"),
    [
        (None, None, "not answered yet"),
        (0.36, None, "not answered yet"),
        (0.36, 0.17, "right"),
        (0.17, 0.36, "exchanged"),
        (-0.36, -0.17, "which of the two is larger"),
        (0.02, 0.01, "take ten epochs"),
        (0.36, 0.36, "did one of the networks get rate=0"),
    ],
)
def test_gaps(without, with_dropout, hint, says):
    says(hint, exercises.check_gaps, without, with_dropout)
