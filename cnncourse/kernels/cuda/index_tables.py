"""Whole numbers that kernels look up: sizes and offsets, made once and kept on the GPU.

Each argument of a launch takes the CPU about a microsecond, which is as long as a small kernel
runs; a table is one argument.
"""

import numpy as np

from .compiler import cuda


def table(numbers):
    """The whole numbers as a flat int32 array on the GPU."""
    numbers = np.ascontiguousarray(numbers).reshape(-1)
    if numbers.size and abs(numbers).max() >= 2**31:
        raise ValueError("the images are too large for the GPU's kernels, which count to 2³¹")
    return cuda.to_device(numbers.astype(np.int32))
