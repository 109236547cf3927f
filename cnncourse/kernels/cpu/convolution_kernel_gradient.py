"""The gradient of a convolution's kernel, by the micro-kernel.

Each weight collects, over all positions, the product of the pixel that it met there and the
gradient of the output. The micro-kernel walks through the rows and columns of a band of the
gradient; its columns are neighbouring weights in a row of the window, its vectors hold filters.
Where positions are few, or windows slide, there are faster ways: the files beside this one.
"""

import numpy as np
from numba import prange

from ..contract import contracted
from . import convolution_kernel_gradient_by_patches as by_patches
from . import convolution_kernel_gradient_by_taps
from .convolution_kernel_gradient_by_taps import kernel_gradient_by_taps
from .convolution_kernel_gradient_by_windows import NO_BLOCKS, add_by_windows, blocks_of
from .convolution_phases import apart, phases_of
from .max_pooling_rows import NO_ARGMAX, NO_POOLING, expand_rows
from .parallel.bands import BAND_FLOATS, copy_floats, padded_rows
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, micro_kernel
from .simd.tap_sums import address_of_tap_sums
from .simd.vector_width import COLUMNS, VECTOR_WIDTH

LEAST_POSITIONS = 512  # in a slice: a sum over few would not be worth its memory


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.conv2d_kernel_gradient``."""
    if geometry.dilated:
        plain, pixels, positions = phases_of(geometry)
        conv2d_kernel_gradient(apart(x, pixels), apart(gradient, positions), plain, out)
        return
    kernel_gradient(x, gradient, NO_ARGMAX, geometry, NO_POOLING, out)


def kernel_gradient(x, gradient, argmax, geometry, pool, out):
    """The kernel's gradient, from that of the positions, or of a max pooling of them.

    ``x``: (N, H, W, C); ``gradient``: (N, P, Q, O); ``argmax``: the same shape, uint8, or
    `NO_ARGMAX` where there was neither pooling nor ReLU; ``geometry``: the convolution's; ``pool``:
    the pooling's windows (rows, columns), or `NO_POOLING`; ``out``: (U, V, C, O). Floats are
    float32.
    """
    *window, filters = out.shape
    images, rows, columns, _ = gradient.shape
    rows = rows * pool[0]  # before the pooling
    columns = columns * pool[1]
    if images == 0:  # the sums below would never be begun
        out[...] = 0
        return
    if by_patches.suits(geometry, images):
        by_patches.kernel_gradient_by_patches(x, gradient, argmax, geometry, pool, out)
        return
    slices = slices_of(images, rows, columns)
    parts = np.empty((slices, *window, filters + -filters % VECTOR_WIDTH), out.dtype)
    blocks = blocks_of(out.shape)
    if blocks is NO_BLOCKS and convolution_kernel_gradient_by_taps.suits(out.shape, geometry):
        function = address_of_tap_sums()
        kernel_gradient_by_taps(x, gradient, argmax, geometry.before, pool, function, parts)
    else:
        lies = geometry.strides, geometry.before
        _kernel_gradient(x, gradient, argmax, *lies, pool, *blocks, parts)
    np.sum(parts[..., :filters], axis=0, out=out)


def slices_of(images, rows, columns):
    """How many slices to cut so many positions into: a power of two, as the number of cores is."""
    most = min(SLICES, images * rows, images * rows * columns // LEAST_POSITIONS)
    slices = 1
    while 2 * slices <= most:
        slices *= 2
    return slices


@parallel
def _kernel_gradient(
    x, gradient, argmax, strides, before, pool, block_vectors, block_rows, functions, parts
):
    """`kernel_gradient` of each slice of the batch, into ``parts``.

    ``parts``: (slices, U, V, C, filters), with as many filters more as make whole vectors.
    ``strides`` and ``before`` are the geometry's, each (along the height, along the width). The
    three before ``parts`` are what `blocks_of` gives. Two ways in one function, for it is compiled
    at the first training step of most networks, and all around them is the same.
    """
    slices, window_height, window_width, channels, wide_filters = parts.shape
    images, rows, columns, filters = gradient.shape
    rows = rows * pool[0]  # before the pooling
    columns = columns * pool[1]
    run = window_width * channels  # values in a row of the window
    sums = parts.reshape(-1)
    reach = (columns - 1) * strides[1] + window_width  # pixels that a row of positions sees
    blocks = -(-run // COLUMNS)
    zeros = np.zeros(TWO_VECTORS, sums.dtype)
    row_size = strides[0] * x.shape[2] * channels + columns * filters
    bands = min(max(-(-rows * row_size // BAND_FLOATS), -(-slices // images)), rows)
    for part in prange(slices):
        if len(functions) > 0:
            parts[part] = 0
        start, stop = bounds(part, slices, images * bands)
        for band in range(start, stop):
            n = band // bands
            first, last = bounds(band % bands, bands, rows)
            height = last - first
            top = first * strides[0] - before[0]
            seen = (height - 1) * strides[0] + window_height
            pixels, corner, row_size = padded_rows(x, n, top, seen, -before[1], reach)
            shares = gradient.reshape(-1)
            share = (n * rows + first) * columns * filters
            count = height * columns * filters
            if argmax.size > 0:
                shares = np.zeros(count + wide_filters - filters, sums.dtype)
                share = 0
                expand_rows(gradient, argmax, pool, n, first, last, columns, shares)
            elif share + count + wide_filters - filters > len(shares):
                # the last vectors would end beyond the gradient
                copy = np.zeros(count + wide_filters - filters, sums.dtype)
                copy_floats(shares, share, copy, 0, count)
                shares = copy
                share = 0
            down = strides[0] * row_size
            across = strides[1] * channels
            if len(functions) > 0:
                add_by_windows(
                    (block_vectors, block_rows, functions),
                    (pixels, corner, row_size, down, across), (shares, share), (height, columns),
                    parts.shape[1:], sums, part * window_height * run * wide_filters,
                )  # fmt: skip
                continue
            for u in range(window_height):
                for block in range(blocks):
                    r, end = bounds(block, blocks, run)
                    for o in range(0, wide_filters, TWO_VECTORS):
                        vectors = min((wide_filters - o) // VECTOR_WIDTH, 2)
                        left = (pixels, corner + u * row_size + r, 1, down, across)
                        right = (shares, share + o, columns * filters, filters)
                        index = ((part * window_height + u) * run + r) * wide_filters + o
                        target = (sums, index, wide_filters)
                        addend = (zeros, 0, 0) if band == start else target
                        micro_kernel(
                            end - r, vectors, height, columns, left, right, addend, target, NO_LEAST
                        )
