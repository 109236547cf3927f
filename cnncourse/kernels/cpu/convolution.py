"""Convolution, as tiles of multiply-adds.

In channels-last arrays, a row of the window lies on the image as one contiguous run of window
width × channels numbers. So a tile walks through the rows of the window, and through the numbers of
each; its columns are neighbouring columns of the output, its lanes are filters.
"""

import numpy as np
from numba import njit, prange

from ..contract import kernel as contracted
from .bands import bands_of, padded_rows
from .slices import bounds
from .tile import ANY, PAIR, tile, widened
from .vectors import COLUMNS, LANES


@contracted
def conv2d(x, kernel, geometry, out):
    """See ``reference.conv2d``."""
    _convolve(x, kernel, np.zeros(kernel.shape[-1], out.dtype), ANY, geometry, out)


def conv2d_bias_relu(x, kernel, bias, geometry, out):
    """``relu(conv2d(x, kernel) + bias)`` in one go, without a second pass through memory."""
    _convolve(x, kernel, bias, np.float32(0), geometry, out)


def _convolve(x, kernel, bias, least, geometry, out):
    _conv2d(x, widened(kernel), widened(bias), least, geometry.strides, geometry.before, out)


@njit(parallel=True, cache=True)
def _conv2d(x, kernel, bias, least, strides, before, out):
    """``out = max(x * kernel + bias, least)``, with kernel and bias `widened`."""
    window_height, window_width, channels, lanes = kernel.shape
    images, rows, columns, filters = out.shape
    run, step = window_width * channels, strides[1] * channels
    weights, results = kernel.reshape(-1), out.reshape(-1)
    reach = (columns - 1) * strides[1] + window_width  # pixels that a row of the output sees
    blocks = -(-columns // COLUMNS)
    bands = bands_of(images, rows, strides[0] * x.shape[2] * channels + columns * filters)
    for band in prange(images * bands):
        n = band // bands
        first, last = bounds(band % bands, bands, rows)
        top, seen = first * strides[0] - before[0], (last - 1 - first) * strides[0] + window_height
        pixels, corner, row_size = padded_rows(x, n, top, seen, -before[1], reach)
        spare = np.empty(COLUMNS * PAIR, out.dtype)
        beyond = (n * rows + last) * columns * filters  # where the next band begins
        # The vectors of the last filters may hang over into the first filters of the next pixels.
        # These are written later, for the last filters come first. Only where they would hang over
        # into the next band, tiles take the way round by ``spare``.
        for o in range((lanes - 1) // PAIR * PAIR, -1, -PAIR):
            vectors = min((lanes - o) // LANES, 2)
            wanted = min(filters - o, PAIR)
            for i in range(first, last):
                for block in range(blocks):
                    j, end = bounds(block, blocks, columns)
                    window = corner + (i - first) * strides[0] * row_size + j * step
                    left = (pixels, window, step, row_size, 1)
                    right, addend = (weights, o, run * lanes, lanes), (bias, o, 0)
                    place = ((n * rows + i) * columns + j) * filters + o
                    hangs_over = place + (end - j - 1) * filters + vectors * LANES > beyond
                    target = (spare, 0, PAIR) if hangs_over else (results, place, filters)
                    tile(end - j, vectors, window_height, run, left, right, addend, target, least)
                    if hangs_over:
                        for column in range(end - j):
                            for k in range(wanted):
                                results[place + column * filters + k] = spare[column * PAIR + k]
