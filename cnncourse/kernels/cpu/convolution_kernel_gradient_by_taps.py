"""The gradient of a convolution's kernel whose filters fill whole vectors: by `tap_sums`.

Each row of the image is read as it is. It is the gradient's rows that get zeros around them, so
that each pixel has a position for each tap.
"""

import numpy as np
from numba import prange

from .max_pooling_rows import expand_rows
from .parallel.bands import BAND_FLOATS, padded_rows
from .parallel.slices import bounds
from .parallel.threads import parallel
from .simd.tap_kernel import TAPS
from .simd.tap_sums import CHANNELS, tap_sums
from .simd.vector_width import VECTOR_WIDTH


def suits(kernel_shape, geometry):
    """Whether a kernel of this shape, (U, V, C, O), slides so that this is the faster way."""
    _, width, _, filters = kernel_shape
    return width == TAPS and filters % VECTOR_WIDTH == 0 and geometry.strides == (1, 1)


@parallel
def kernel_gradient_by_taps(x, gradient, argmax, before, pool, function, parts):
    """`_kernel_gradient` of ``convolution_kernel_gradient.py`` where this way `suits`.

    ``function``: what `address_of_tap_sums` gives.
    """
    slices, window_height, _, channels, filters = parts.shape
    images, rows, columns, _ = gradient.shape
    _, height, width, _ = x.shape
    rows = rows * pool[0]  # before the pooling
    columns = columns * pool[1]
    pixels = x.reshape(-1)
    sums = parts.reshape(-1)
    blocks = -(-channels // CHANNELS)
    wide = width + TAPS - 1  # positions in a row, with those that lie beside it
    left_zeros = TAPS - 1 - before[1]
    row_size = width * channels + wide * filters
    bands = min(max(-(-rows * row_size // BAND_FLOATS), -(-slices // images)), rows)
    for part in prange(slices):
        parts[part] = 0
        start, stop = bounds(part, slices, images * bands)
        for band in range(start, stop):
            n = band // bands
            first, last = bounds(band % bands, bands, rows)
            count = last - first
            if argmax.size > 0:
                plain = np.empty((1, count, columns, filters), sums.dtype)
                expand_rows(gradient, argmax, pool, n, first, last, columns, plain.reshape(-1))
                shares, corner, down = padded_rows(plain, 0, 0, count, -left_zeros, wide)
            else:
                shares, corner, down = padded_rows(gradient, n, first, count, -left_zeros, wide)
            for u in range(window_height):
                # position row i sees pixel row i + u - before with row u of its window
                least = max(first, before[0] - u)
                count = min(last, height + before[0] - u) - least
                pixel = (n * height + least + u - before[0]) * width * channels
                # the first pixel lies under the last tap of the first position of these
                share = corner + (least - first) * down + (TAPS - 1) * filters
                for block in range(blocks):
                    c, end = bounds(block, blocks, channels)
                    left = (pixels, pixel + c, 1, width * channels, channels)
                    for o in range(0, filters, VECTOR_WIDTH):
                        right = (shares, share + o, -filters, down, filters)
                        index = ((part * window_height + u) * TAPS * channels + c) * filters + o
                        to = (sums, index, filters, channels * filters)
                        tap_sums(function, end - c, count, width, left, right, to)
