"""Bands of an image's rows: what one thread works on at a time."""

import numpy as np
from numba import njit

from .slices import SLICES

FLOATS = 2**15  # in a band: 128 KB, so that it fits into a core's second-level cache


@njit(cache=True)
def bands_of(images, rows, row_size):
    """How many bands to cut each image into.

    The bands, of rows of ``row_size`` floats, are to fit into the cache, and with few images there
    are to be enough of them for all threads.
    """
    for_cache = -(-rows * row_size // FLOATS)
    for_threads = -(-SLICES // max(images, 1))
    return min(max(for_cache, for_threads), rows)


@njit(cache=True)
def padded_rows(x, n, top, rows, left, columns):
    """Rows of image ``n`` from ``top`` on, each with ``columns`` pixels from ``left`` on.

    Outside the image lie zeros. Returns a flat array, the index of the first number in it, and the
    distance from row to row. Only where zeros are needed is this array a copy: else it is ``x``.
    """
    _, height, width, channels = x.shape
    flat = x.reshape(-1)
    if top >= 0 and top + rows <= height and left == 0 and columns <= width:
        return flat, (n * height + top) * width * channels, width * channels
    copy = np.zeros(rows * columns * channels, x.dtype)
    first, last = max(left, 0), min(left + columns, width)
    for h in range(max(top, 0), min(top + rows, height)):
        here = ((n * height + h) * width + first) * channels
        there = ((h - top) * columns + first - left) * channels
        copy_floats(flat, here, copy, there, (last - first) * channels)
    return copy, 0, columns * channels


@njit(cache=True)
def copy_floats(source, here, target, there, count):
    """Copy ``count`` numbers from index ``here`` of ``source`` to index ``there`` of ``target``."""
    numbers, places = source[here : here + count], target[there : there + count]
    for k in range(count):
        places[k] = numbers[k]
