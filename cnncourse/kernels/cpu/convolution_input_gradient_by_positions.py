"""The gradient of a convolution's input on maps of few positions: what each gives, added up.

In a narrow map the positions of a row are too few for a register block. So what all positions of an
image give to the pixels under their windows is computed first, as one matrix product, and then
added to the pixels (*col2im*).
"""

import numpy as np
from numba import prange

from ..compiled_code import jit
from .max_pooling_rows import expand_rows
from .parallel.bands import add_floats
from .parallel.slices import bounds
from .parallel.threads import parallel
from .patches import NARROW
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, micro_kernel
from .simd.vector_width import COLUMNS

LEAST_IMAGES = 4  # for each is one thread's work
MOST_FLOATS = 2**18  # that an image's positions give: 1 MB
MANY_WEIGHTS = 2**18  # which are better read once for an image than once for each of its rows


def suits(kernel, geometry, images):
    """Whether this is the faster way for a ``kernel`` (U, V, C, O) and so many ``images``."""
    floats = np.prod(geometry.output) * kernel[..., 0].size
    faster = geometry.output[1] <= NARROW or kernel.size >= MANY_WEIGHTS
    return faster and images >= LEAST_IMAGES and floats <= MOST_FLOATS


def add_what_positions_give(gradient, argmax, kernel, geometry, pool, addend, out):
    """What `input_gradient` gives, where this way `suits`."""
    *window, filters = kernel.shape
    pairs = -(-kernel[..., 0].size // TWO_VECTORS)  # of vectors, along U · V · C
    turned = np.empty((pairs, filters, TWO_VECTORS), kernel.dtype)
    _turn(kernel, turned)
    lies = geometry.strides, geometry.before
    _add_up(gradient, argmax, turned, tuple(window), *lies, geometry.output, pool, addend, out)


@parallel
def _turn(kernel, turned):
    """Each pair of vectors of weights (U · V · C) of all filters side by side, zeros at the end.

    ``kernel``: (U, V, C, O); ``turned``: (pairs, O, TWO_VECTORS).
    """
    pairs, filters, _ = turned.shape
    weights = kernel.reshape(-1)
    size = len(weights) // filters
    for pair in prange(pairs):
        for k in range(TWO_VECTORS):
            weight = pair * TWO_VECTORS + k
            for o in range(filters):
                turned[pair, o, k] = weights[weight * filters + o] if weight < size else 0


@parallel
def _add_up(gradient, argmax, turned, window, strides, before, output, pool, addend, out):
    """`input_gradient`, image by image.

    ``turned``: see `_turn`; ``window``: (U, V, C); ``strides``, ``before`` and ``output`` (I, J)
    are the geometry's, and the others as there.
    """
    pairs, filters, _ = turned.shape
    rows, columns = output
    positions = rows * columns
    blocks = -(-positions // COLUMNS)
    weights = turned.reshape(-1)
    wide = pairs * TWO_VECTORS
    zeros = np.zeros(TWO_VECTORS, out.dtype)
    for n in prange(len(out)):
        shares = gradient.reshape(-1)
        share = n * positions * filters
        if argmax.size > 0:
            shares = np.empty(positions * filters, out.dtype)
            share = 0
            expand_rows(gradient, argmax, pool, n, 0, rows, columns, shares)
        given = np.empty(positions * wide, out.dtype)
        for pair in range(pairs):
            right = (weights, pair * filters * TWO_VECTORS, 0, TWO_VECTORS)
            for block in range(blocks):
                first, last = bounds(block, blocks, positions)
                left = (shares, share + first * filters, filters, 0, 1)
                target = (given, first * wide + pair * TWO_VECTORS, wide)
                micro_kernel(
                    last - first, 2, 1, filters, left, right, (zeros, 0, 0), target, NO_LEAST
                )
        out[n] = 0
        _add_windows(given, wide, window, strides, before, output, out[n])
        if addend.size > 0:
            size = out[n].size
            add_floats(addend.reshape(-1), n * size, out.reshape(-1), n * size, size)


@jit
def _add_windows(given, wide, window, strides, before, output, image):
    """Add to the pixels of an ``image``, (H, W, C), what each of its positions gives.

    ``given``: flat, (I · J, wide), of which the first U · V · C values count.
    """
    window_height, window_width, channels = window
    height, width, _ = image.shape
    pixels = image.reshape(-1)
    run = window_width * channels
    row_size = width * channels
    for i in range(output[0]):
        for j in range(output[1]):
            left = (j * strides[1] - before[1]) * channels
            begin = max(-left, 0)
            end = min(row_size - left, run)
            source = (i * output[1] + j) * wide
            for u in range(window_height):
                h = i * strides[0] + u - before[0]
                if 0 <= h < height and begin < end:
                    target = h * row_size + left + begin
                    add_floats(given, source + u * run + begin, pixels, target, end - begin)
