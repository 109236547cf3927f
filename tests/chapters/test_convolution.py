"""What the exercises on convolution are about holds in numbers."""

import numpy as np
import pytest

from cnncourse.filters import KERNELS, correlate2d


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_zeros_around_a_kernel_change_nothing_in_mode_same_only(mode):
    image = np.arange(48.0).reshape(6, 8) % 7
    framed = np.pad(KERNELS["box blur"], 1)
    same = np.array_equal(
        correlate2d(image, framed, mode), correlate2d(image, KERNELS["box blur"], mode)
    )
    assert same == (mode == "same")
