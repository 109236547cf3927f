"""Convolution, as tiles of multiply-adds.

In channels-last arrays, a row of the window lies on the image as one contiguous run of window
width × channels numbers. So a tile walks through the rows of the window, and through the numbers of
each; its columns are neighbouring columns of the output, its lanes are filters.
"""

import numpy as np
from numba import prange

from ..contract import contracted
from .max_pooling_rows import NO_ARGMAX, NO_POOLING, pool_rows
from .parallel.bands import bands_of, padded_rows
from .parallel.slices import bounds
from .parallel.threads import parallel
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, ZERO, micro_kernel, widened
from .simd.vector_width import COLUMNS, VECTOR_WIDTH


@contracted
def conv2d(x, kernel, geometry, out):
    """See ``reference.conv2d``."""
    convolve(
        x,
        kernel,
        np.zeros(kernel.shape[-1], out.dtype),
        geometry,
        NO_POOLING,
        False,
        out,
        NO_ARGMAX,
    )


def convolve(x, kernel, bias, geometry, pool, relu, out, argmax):
    """``x * kernel + bias``, then max pooling by windows ``pool``, then ReLU if ``relu``."""
    weights, bias = widened(kernel), widened(bias)
    _conv2d(x, weights, bias, geometry.strides, geometry.before, pool, relu, out, argmax)


@parallel
def _conv2d(x, kernel, bias, strides, before, pool, relu, out, argmax):
    """With kernel and bias `widened`."""
    window_height, window_width, channels, lanes = kernel.shape
    images, rows, columns, filters = out.shape
    columns, pooled = columns * pool[1], pool != NO_POOLING or argmax.size > 0
    least = ZERO if relu and not pooled else NO_LEAST
    run, step = window_width * channels, strides[1] * channels
    weights = kernel.reshape(-1)
    reach = (columns - 1) * strides[1] + window_width  # pixels that a row of the output sees
    blocks = -(-columns // COLUMNS)
    bands = bands_of(
        images, rows, pool[0] * (strides[0] * x.shape[2] * channels + columns * filters)
    )
    for band in prange(images * bands):
        n = band // bands
        start, stop = bounds(band % bands, bands, rows)
        first, last = start * pool[0], stop * pool[0]  # rows before the pooling
        top, seen = first * strides[0] - before[0], (last - 1 - first) * strides[0] + window_height
        pixels, corner, row_size = padded_rows(x, n, top, seen, -before[1], reach)
        spare = np.empty(COLUMNS * TWO_VECTORS, out.dtype)
        count = (last - first) * columns * filters
        if pooled:
            target, begin = np.empty(count + TWO_VECTORS, out.dtype), 0
            beyond = len(target)
        else:
            target, begin = out.reshape(-1), (n * rows + first) * columns * filters
            beyond = begin + count  # where the next band begins
        # The vectors of the last filters may hang over into the first filters of the next pixels.
        # These are written later, for the last filters come first. Only where they would hang over
        # into the next band, tiles take the way round by ``spare``.
        for o in range((lanes - 1) // TWO_VECTORS * TWO_VECTORS, -1, -TWO_VECTORS):
            vectors = min((lanes - o) // VECTOR_WIDTH, 2)
            wanted = min(filters - o, TWO_VECTORS)
            for i in range(first, last):
                for block in range(blocks):
                    j, end = bounds(block, blocks, columns)
                    window = corner + (i - first) * strides[0] * row_size + j * step
                    left = (pixels, window, step, row_size, 1)
                    right, addend = (weights, o, run * lanes, lanes), (bias, o, 0)
                    place = begin + ((i - first) * columns + j) * filters + o
                    hangs_over = place + (end - j - 1) * filters + vectors * VECTOR_WIDTH > beyond
                    to = (spare, 0, TWO_VECTORS) if hangs_over else (target, place, filters)
                    micro_kernel(
                        end - j, vectors, window_height, run, left, right, addend, to, least
                    )
                    if hangs_over:
                        for column in range(end - j):
                            for k in range(wanted):
                                target[place + column * filters + k] = spare[
                                    column * TWO_VECTORS + k
                                ]
        if pooled:
            pool_rows(target, columns, pool, relu, n, start, stop, out, argmax)
