"""The gradient of a convolution's kernel, as tiles of multiply-adds.

Each weight collects, over all positions, the product of the pixel that it met there and the
gradient of the output. A tile walks through the rows and columns of a band of the gradient; its
columns are neighbouring weights in a row of the window, its lanes are filters.
"""

import numpy as np
from numba import prange

from ..contract import contracted
from .max_pooling_rows import NO_ARGMAX, NO_POOLING, expand_rows
from .parallel.bands import FLOATS, copy_floats, padded_rows
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, micro_kernel
from .simd.vector_width import COLUMNS, VECTOR_WIDTH

POSITIONS = 512  # the least in a slice: a sum over few would not be worth its memory


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.conv2d_kernel_gradient``."""
    kernel_gradient(x, gradient, NO_ARGMAX, geometry, NO_POOLING, out)


def kernel_gradient(x, gradient, argmax, geometry, pool, out):
    """The gradient may be that of a pooling by windows ``pool``, which ``argmax`` lead back."""
    *window, filters = out.shape
    images, rows, columns, _ = gradient.shape
    rows, columns = rows * pool[0], columns * pool[1]  # before the pooling
    if images == 0:  # the sums below would never be begun
        out[...] = 0
        return
    most = min(SLICES, images * rows, images * rows * columns // POSITIONS)
    slices = 1
    while 2 * slices <= most:  # a power of two, as the number of cores mostly is
        slices *= 2
    parts = np.empty((slices, *window, filters + -filters % VECTOR_WIDTH), out.dtype)
    strides, before = geometry.strides, geometry.before
    _conv2d_kernel_gradient(x, gradient, argmax, strides, before, pool, parts)
    np.sum(parts[..., :filters], axis=0, out=out)


@parallel
def _conv2d_kernel_gradient(x, gradient, argmax, strides, before, pool, parts):
    """One sum for each slice of the batch, with as many filters more as make whole vectors."""
    slices, window_height, window_width, channels, lanes = parts.shape
    images, rows, columns, filters = gradient.shape
    rows, columns = rows * pool[0], columns * pool[1]  # before the pooling
    run = window_width * channels
    sums = parts.reshape(-1)
    reach = (columns - 1) * strides[1] + window_width  # pixels that a row of positions sees
    blocks = -(-run // COLUMNS)
    zeros = np.zeros(TWO_VECTORS, sums.dtype)
    row_size = strides[0] * x.shape[2] * channels + columns * filters
    bands = min(max(-(-rows * row_size // FLOATS), -(-slices // images)), rows)
    for part in prange(slices):
        start, stop = bounds(part, slices, images * bands)
        for band in range(start, stop):
            n = band // bands
            first, last = bounds(band % bands, bands, rows)
            height = last - first
            top, seen = first * strides[0] - before[0], (height - 1) * strides[0] + window_height
            pixels, corner, row_size = padded_rows(x, n, top, seen, -before[1], reach)
            shares, share = gradient.reshape(-1), (n * rows + first) * columns * filters
            count = height * columns * filters
            if argmax.size > 0:
                shares, share = np.zeros(count + lanes - filters, sums.dtype), 0
                expand_rows(gradient, argmax, pool, n, first, last, columns, shares)
            elif share + count + lanes - filters > len(shares):  # so the last vectors end beyond it
                copy = np.zeros(count + lanes - filters, sums.dtype)
                copy_floats(shares, share, copy, 0, count)
                shares, share = copy, 0
            down = strides[0] * row_size
            for u in range(window_height):
                for block in range(blocks):
                    r, end = bounds(block, blocks, run)
                    for o in range(0, lanes, TWO_VECTORS):
                        vectors = min((lanes - o) // VECTOR_WIDTH, 2)
                        left = (pixels, corner + u * row_size + r, 1, down, strides[1] * channels)
                        right = (shares, share + o, columns * filters, filters)
                        place = ((part * window_height + u) * run + r) * lanes + o
                        target = (sums, place, lanes)
                        addend = (zeros, 0, 0) if band == start else target
                        micro_kernel(
                            end - r, vectors, height, columns, left, right, addend, target, NO_LEAST
                        )
