"""Augmentation: what moves, how far, and what stays."""

import numpy as np
import pytest

from cnncourse import datasets
from cnncourse.augmentation.random_flip import random_flip
from cnncourse.augmentation.random_shift import random_shift

IMAGES = np.random.default_rng(0).random((400, 7, 6, 2), np.float32) + 1  # no zeros
BEFORE = IMAGES.copy()


def generator():
    return np.random.default_rng(1)


def moved(image, down, right):
    """The image moved by whole pixels, row by row: what `random_shift` should do."""
    out = np.zeros_like(image)
    height, width, _ = image.shape
    for i in range(height):
        for j in range(width):
            if 0 <= i - down < height and 0 <= j - right < width:
                out[i, j] = image[i - down, j - right]
    return out


def test_each_image_is_moved_in_a_direction_of_its_own():
    shifted = random_shift(IMAGES, 2, generator())
    assert shifted.shape == IMAGES.shape and shifted.dtype == np.float32
    np.testing.assert_array_equal(IMAGES, BEFORE)
    found = []
    for image, after in zip(IMAGES, shifted, strict=True):
        fits = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-2, 3)
            if np.array_equal(after, moved(image, down, right))
        ]
        assert len(fits) == 1
        found += fits
    counts = np.unique(found, axis=0, return_counts=True)[1]
    assert len(counts) == 25  # all 5×5 positions
    assert counts.min() > 4  # and none of them rarely: 16 are expected


def test_flips_are_mirror_images_of_about_half():
    flipped = random_flip(IMAGES, generator())
    same = (flipped == IMAGES).all(axis=(1, 2, 3))
    mirrored = (flipped == IMAGES[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all()
    assert 150 < mirrored.sum() < 250
    assert flipped.dtype == np.float32
    np.testing.assert_array_equal(IMAGES, BEFORE)


@pytest.mark.parametrize("change", [lambda *a: random_shift(a[0], 3, a[1]), random_flip])
def test_the_generator_says_what_comes(change):
    first, again = change(IMAGES, generator()), change(IMAGES, generator())
    np.testing.assert_array_equal(first, again)
    assert (change(IMAGES, np.random.default_rng(2)) != first).any()


def test_images_of_a_data_set_can_be_trained_on():
    images = datasets.load("digits").test.images  # read-only
    shifted = random_shift(images, 2, generator())
    assert shifted.shape == images.shape
    assert shifted.sum() == pytest.approx(images.sum(), rel=0.01)  # they have margins of 4


def test_errors_say_what_to_do():
    with pytest.raises(ValueError, match=r"one image is image\[None\]"):
        random_shift(IMAGES[0], 2, generator())
    with pytest.raises(ValueError, match=r"one image is image\[None\]"):
        random_flip(IMAGES[0], generator())
    with pytest.raises(ValueError, match="pixels"):
        random_shift(IMAGES, 0, generator())
