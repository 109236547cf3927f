"""Bands of an image's rows: what one thread works on at a time.

This is *cache blocking*. Of the memory hierarchy (registers, two or three caches, memory) each
level is larger and slower than the one before. A band is so small that what a thread reads and
writes for it stays in the second cache until the thread is done with it.
"""

import numpy as np
from numba.core import types

from ...compiled_code import jit
from ..simd.compiled_apart import compiled_apart

BAND_FLOATS = 2**15  # 128 KB, so that a band fits into a core's second-level cache
BLOCK_FLOATS = 2**13  # 32 KB, for what is read several times from a core's nearest cache


@jit
def bands_of(images, rows, row_size, tasks):
    """How many bands to cut each image into.

    The bands, of rows of ``row_size`` floats, are to fit into the cache, and with few images there
    are to be ``tasks`` of them in all: enough for all threads.
    """
    for_cache = -(-rows * row_size // BAND_FLOATS)
    for_threads = -(-tasks // max(images, 1))
    return min(max(for_cache, for_threads), rows)


@jit
def rows_of_block(row_size):
    """How many rows of so many floats fit into the nearest cache, at least one."""
    return max(1, BLOCK_FLOATS // row_size)


@jit
def copy_floats(source, source_first, target, target_first, count):
    """Copy ``count`` elements of a flat array into another, from the given indices on."""
    values = source[source_first : source_first + count]
    copies = target[target_first : target_first + count]
    for k in range(count):
        copies[k] = values[k]


@jit
def add_floats(source, source_first, target, target_first, count):
    """Add ``count`` elements of a flat array to another's, from the given indices on."""
    values = source[source_first : source_first + count]
    sums = target[target_first : target_first + count]
    for k in range(count):
        sums[k] += values[k]


@compiled_apart(types.Array(types.float32, 4, "C", readonly=True), *[types.intp] * 5)
def padded_rows(x, n, top, rows, left, columns):
    """Rows of image ``n`` of ``x``, with the zeros that lie outside the image.

    ``x``: (N, H, W, C) float32. ``rows`` rows from ``top`` on, each with ``columns`` pixels from
    ``left`` on; ``top`` and ``left`` may be negative.

    Returns a flat array, the index of the first pixel in it, and the distance from row to row. Only
    where zeros are needed is this array a copy: else it is ``x``.
    """
    _, height, width, channels = x.shape
    flat = x.reshape(-1)
    if top >= 0 and top + rows <= height and left == 0 and columns <= width:
        return flat, (n * height + top) * width * channels, width * channels
    size = columns * channels  # of a row
    copy = np.empty(rows * size, x.dtype)
    # what lies on the image in each row; and nothing does in a row above or below it
    first = min(max(-left, 0), columns) * channels
    last = max(min(width - left, columns) * channels, first)
    for row in range(rows):
        h = top + row
        begin, end = (first, last) if 0 <= h < height else (size, size)
        copy[row * size : row * size + begin] = 0
        source = ((n * height + h) * width + left) * channels + begin
        copy_floats(flat, source, copy, row * size + begin, end - begin)
        copy[row * size + end : (row + 1) * size] = 0
    return copy, 0, size
