"""The gradient of a convolution's kernel where there are few positions.

Threads cannot share out few positions: each slice of them would have sums of its own. They share
out the weights instead. For each piece of a row of the window, the values that lie under it at all
positions are copied one behind the other, so that the micro-kernel goes through all of them in one
sum, its columns being neighbouring weights.
"""

import numpy as np
from numba import prange

from ..compiled_code import jit
from .max_pooling_rows import expand_rows
from .parallel.bands import copy_floats
from .parallel.slices import bounds
from .parallel.threads import parallel
from .patches import NARROW
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, micro_kernel, widened
from .simd.vector_width import COLUMNS, VECTOR_WIDTH

FEW_POSITIONS = 1024  # in the whole batch
LEAST_TASKS = 6  # to be shared out, if there are as many register blocks
BLOCKS_OF_A_PIECE = 7  # register blocks: enough to be worth a copy, few enough for many pieces
POSITIONS_AT_ONCE = 512  # whose copies, of up to 100 floats each, lie in the second cache


def suits(geometry, images):
    """Whether this is the faster way for so many ``images``."""
    rows, columns = geometry.output
    narrow = columns <= NARROW and rows * columns <= POSITIONS_AT_ONCE
    return narrow or images * rows * columns < FEW_POSITIONS


def kernel_gradient_by_patches(x, gradient, argmax, geometry, pool, out):
    """What `kernel_gradient` gives, where this way `suits`."""
    if argmax.size > 0:
        expanded = np.empty((len(x), *geometry.output, out.shape[-1]), gradient.dtype)
        _expand(gradient, argmax, pool, expanded)
        gradient = expanded
    gradient = widened(gradient)
    sums = np.empty((*out.shape[:-1], gradient.shape[-1]), out.dtype)
    _sum_by_patches(x, gradient, geometry.strides, geometry.before, sums)
    out[...] = sums[..., : out.shape[-1]]


@parallel
def _expand(gradient, argmax, pool, expanded):
    """The gradient of all positions before the pooling: ``expanded`` (N, I, J, O)."""
    images, rows, columns, _ = expanded.shape
    for n in prange(images):
        expand_rows(gradient, argmax, pool, n, 0, rows, columns, expanded[n].reshape(-1))


@parallel
def _sum_by_patches(x, gradient, strides, before, out):
    """``x``: (N, H, W, C); ``gradient``: (N, I, J, O); ``out``: (U, V, C, O), O in whole vectors.

    ``strides`` and ``before`` are the geometry's, each (along the height, along the width).
    """
    window_height, window_width, channels, filters = out.shape
    images, rows, columns, _ = gradient.shape
    together = max(POSITIONS_AT_ONCE // (rows * columns), 1)  # images
    run = window_width * channels  # values in a row of the window
    blocks = -(-run // COLUMNS)
    for_threads = min(-(-LEAST_TASKS // window_height), blocks)
    pieces = max(-(-blocks // BLOCKS_OF_A_PIECE), for_threads)
    shares = gradient.reshape(-1)
    sums = out.reshape(-1)
    zeros = np.zeros(TWO_VECTORS, out.dtype)
    for task in prange(window_height * pieces):
        u = task // pieces
        first, last = bounds(task % pieces, pieces, blocks)
        start = bounds(first, blocks, run)[0]
        size = bounds(last, blocks, run)[0] - start
        lies = u - before[0], start - before[1] * channels
        for n in range(0, images, together):
            copies = _copies(x[n : n + together], lies, size, strides, (rows, columns))
            count = len(copies) // size  # of positions
            for block in range(first, last):
                r, end = bounds(block, blocks, run)
                for o in range(0, filters, TWO_VECTORS):
                    vectors = min((filters - o) // VECTOR_WIDTH, 2)
                    left = (copies, r - start, 1, 0, size)
                    right = (shares, n * rows * columns * filters + o, 0, filters)
                    target = (sums, (u * run + r) * filters + o, filters)
                    addend = (zeros, 0, 0) if n == 0 else target
                    micro_kernel(end - r, vectors, 1, count, left, right, addend, target, NO_LEAST)


@jit
def _copies(x, lies, size, strides, output):
    """What lies under ``size`` values of a row of the window at each position of the ``output``.

    ``x``: (N, H, W, C); ``lies``: where they lie at the first position, (row, value in it), which
    may be outside the image. Flat: (N · I · J · size).
    """
    images, height, width, channels = x.shape
    rows, columns = output
    pixels = x.reshape(-1)
    row_size = width * channels
    copies = np.empty(images * rows * columns * size, x.dtype)
    target = 0
    for n in range(images):
        for i in range(rows):
            h = i * strides[0] + lies[0]
            for j in range(columns):
                value = j * strides[1] * channels + lies[1]
                first = (n * height + h) * row_size + value
                if 0 <= h < height and 0 <= value <= row_size - size:
                    copy_floats(pixels, first, copies, target, size)
                else:  # zeros before and behind what lies on the image
                    begin = min(max(-value, 0), size) if 0 <= h < height else size
                    end = max(min(row_size - value, size), begin)
                    copies[target : target + begin] = 0
                    copy_floats(pixels, first + begin, copies, target + begin, end - begin)
                    copies[target + end : target + size] = 0
                target += size
    return copies
