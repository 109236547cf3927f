"""Integers that kernels look up: sizes and offsets, made once and then on the GPU to stay.

Each argument of a launch takes the CPU about a microsecond, which is as long as a small kernel
runs; a table is one argument.
"""

import numpy as np

from .compiler import cuda


def table(integers):
    """The integers as a flat int32 array on the GPU; ``ValueError`` if one is too large for that.

    >>> table([[1, 2], [3, 4]]).copy_to_host()
    array([1, 2, 3, 4], dtype=int32)
    """
    integers = np.ascontiguousarray(integers).reshape(-1)
    if integers.size and abs(integers).max() >= 2**31:
        raise ValueError("the images are too large for the GPU's kernels, which count to 2³¹")
    return cuda.to_device(integers.astype(np.int32))
