"""Checks of arguments: what passes, and what is said of the rest."""

import numpy as np
import pytest

from cnncourse.support import checks


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (2.0, TypeError, "size must be a whole number, got 2.0"),
        (True, TypeError, "size must be a whole number, got True"),
        (0, ValueError, "size must be at least 1, got 0"),
    ],
)
def test_whole_numbers_only(value, error, message):
    with pytest.raises(error, match=message):
        checks.positive_int(value, "size")
    assert checks.positive_int(np.int64(3), "size") == 3


@pytest.mark.parametrize("value", [-1, 181, float("nan"), float("inf"), "3", None, 1j])
def test_limits_are_finite_numbers_in_their_range(value):
    with pytest.raises(ValueError, match="rotate must be a finite number from 0 to 180, got"):
        checks.limit(value, "rotate", most=180)
    assert checks.limit(np.float32(0.5), "rotate", most=180) == 0.5


def test_the_first_value_that_is_not_finite_is_named():
    with pytest.raises(ValueError, match=r"images must be finite .* got nan at index \(1, 0\)"):
        checks.finite(np.array([[1.0, 2.0], [np.nan, np.inf]]), "images")
    assert checks.finite(np.empty((0, 3)), "images").shape == (0, 3)


def test_images_of_different_sizes_are_no_array():
    with pytest.raises(TypeError, match="images of different sizes must be brought to one size"):
        checks.numbers([[1, 2], [3]], "images")


@pytest.mark.parametrize(
    "images",
    [
        np.ma.masked_greater(np.arange(8.0).reshape(1, 2, 2, 2), 6),
        [np.ma.array(np.zeros((2, 2, 2)), mask=True)],
        (np.zeros((2, 2, 2)), np.ma.masked_equal(np.zeros((2, 2, 2), np.uint8), 0)),
    ],
)
def test_masked_images_are_refused(images):
    with pytest.raises(ValueError, match="images must not be masked, and some are"):
        checks.images(images, (2, 2, 2), "Conv2D")


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ("text", "kernel must be .* convert them to numbers first"),
        ([None, 1], "kernel must be .* convert them to numbers first"),
        ([1j], "kernel must be .* convert them to numbers first"),
        ([[1], [2, 3]], "kernel of different sizes must be brought"),
        (np.array([np.ones(2), np.ones(3)], object), "kernel of different sizes must be brought"),
    ],
)
def test_the_advice_is_about_what_is_wrong(values, advice):
    with pytest.raises(TypeError, match=advice):
        checks.numbers(values, "kernel")
