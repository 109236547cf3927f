"""Drawings centred and scaled as MNIST's digits are."""

import numpy as np
import pytest

from cnncourse import datasets
from cnncourse.demos.digit_image import as_mnist


def canvas(top=10, left=50, height=20, width=20, side=112):
    """A white rectangle on black."""
    pixels = np.zeros((side, side), np.uint8)
    pixels[top : top + height, left : left + width] = 255
    return pixels


def extent(image):
    """Rows and columns that are not black."""
    return [np.flatnonzero(image.any(axis=axis)).tolist() for axis in (1, 0)]


@pytest.mark.parametrize("top, left, size", [(10, 50, 20), (0, 0, 20), (3, 7, 100), (90, 20, 5)])
def test_a_square_fills_the_box_in_the_middle_wherever_it_was(top, left, size):
    image = as_mnist(canvas(top, left, size, size))
    assert image.shape == (28, 28) and image.dtype == np.float32
    assert extent(image) == [list(range(4, 24))] * 2
    assert image.max() == 1


def test_proportions_are_kept():
    rows, columns = extent(as_mnist(canvas(height=80, width=20)))
    assert (len(rows), len(columns)) == (20, 5)


def test_the_centre_of_mass_is_in_the_middle():
    pixels = canvas(10, 10, 80, 40)
    pixels[70:90, 10:90] = 255  # an L: most of it is at the bottom
    image = as_mnist(pixels)
    middle = [np.average(np.arange(28), weights=image.sum(axis=1 - axis)) for axis in (0, 1)]
    assert np.allclose(middle, 14, atol=0.5)


def test_ink_on_paper_is_as_chalk_on_a_board():
    pixels = canvas()
    assert np.allclose(as_mnist(255 - pixels), as_mnist(pixels))
    grey_paper = np.where(pixels == 255, 30, 200).astype(np.uint8)
    assert np.allclose(as_mnist(grey_paper), as_mnist(pixels))


@pytest.mark.parametrize("shade", [0, 90, 255])
def test_nothing_drawn_is_nothing(shade):
    assert not as_mnist(np.full((50, 50), shade, np.uint8)).any()


def test_digits_of_mnist_stay_as_they_are():
    digits = datasets.load("mnist").test.images[:200, ..., 0]
    again = np.stack([as_mnist(np.uint8(255 * digit)) for digit in digits])
    same = np.abs(again - digits).max(axis=(1, 2)) < 0.01
    assert same.mean() > 0.98, "they are scaled and centred so already"
