"""Images moved by whole pixels: every pixel, and nothing else."""

import numpy as np
import pytest

from cnncourse.augmentation import shift


@pytest.mark.parametrize("steps", [(0, 0), (2, 0), (-1, 3), (1, -4), (5, 9), (-5, -4)])
def test_shift_moves_every_pixel(steps):
    images = np.random.default_rng(0).standard_normal((2, 5, 4, 3))
    original = images.copy()
    moved = shift(images, *steps)
    for row, column in np.ndindex(5, 4):
        old = row - steps[0], column - steps[1]
        inside = 0 <= old[0] < 5 and 0 <= old[1] < 4
        assert np.array_equal(
            moved[:, row, column], images[:, *old] if inside else np.zeros((2, 3))
        )
    assert moved.dtype == images.dtype and np.array_equal(images, original)


def test_a_single_image_is_refused():
    with pytest.raises(ValueError, match=r"a single image is image\[None\]"):
        shift(np.zeros((5, 4)), down=1)
