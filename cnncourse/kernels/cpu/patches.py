"""Windows copied one behind the other, as im2col does, for narrow maps.

In a narrow map the positions of a row are too few for a register block, and the rows of windows do
not follow one another in memory. Copied, all windows of a band do: they are as many columns.
Elsewhere the copies would take more time than they save.
"""

import numpy as np
from numba.core import types

from .parallel.bands import copy_floats
from .simd.compiled_apart import compiled_apart

NARROW = 6  # at most so many positions in a row


@compiled_apart(
    types.Array(types.float32, 1, "C", readonly=True), types.intp, types.UniTuple(types.intp, 3),
    *[types.intp] * 4,
)  # fmt: skip
def patches_of(pixels, corner, distances, window_height, run, rows, columns):
    """The windows of ``rows`` × ``columns`` positions, (positions · window height · run,).

    ``pixels``: a flat float32 array; ``corner``: the index of the first window's first value;
    ``distances``: elements from position to position (down, across), and from row to row of a
    window, which has ``run`` values in each of its ``window_height`` rows.
    """
    down, across, row_size = distances
    patches = np.empty(rows * columns * window_height * run, pixels.dtype)
    end = 0
    for i in range(rows):
        for j in range(columns):
            for u in range(window_height):
                start = corner + i * down + j * across + u * row_size
                copy_floats(pixels, start, patches, end, run)
                end += run
    return patches
