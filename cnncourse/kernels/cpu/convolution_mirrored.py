"""The gradient of a convolution's input, as a convolution of the gradient with the mirrored kernel.

That is the textbooks' way. It multiplies the zeros around the gradient, too; but where these are
few, and the image or the gradient has one vector of channels, `tap_kernel` makes up for them.
"""

import numpy as np
from numba import prange

from .parallel.bands import bands_of, padded_rows
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.micro_kernel import NO_LEAST
from .simd.tap_kernel import TAP_COLUMNS, TAPS, address_of_tap_kernel, tap_kernel
from .simd.vector_width import VECTOR_WIDTH

MOST_ZEROS = 1.1  # pixels for each position
LEAST_COLUMNS = TAP_COLUMNS // 2  # on fewer, the loads are not what holds up the sums


def suits(kernel, geometry):
    """Whether this is the faster way for a ``kernel`` (U, V, C, O)."""
    _, width, channels, filters = kernel.shape
    return (
        width == TAPS
        and channels % VECTOR_WIDTH == 0
        and VECTOR_WIDTH in (channels, filters)
        and geometry.strides == (1, 1)
        and geometry.image[1] >= LEAST_COLUMNS
        and np.prod(geometry.image) <= MOST_ZEROS * np.prod(geometry.output)
    )


def mirrored_input_gradient(gradient, kernel, geometry, addend, out):
    """What `input_gradient` gives where this way `suits`, and there is neither pooling nor ReLU."""
    height, width = geometry.window
    mirrored = np.ascontiguousarray(kernel[::-1, ::-1].transpose(0, 1, 3, 2))  # (U, V, O, C)
    before = height - 1 - geometry.before[0], width - 1 - geometry.before[1]
    _mirrored(gradient, mirrored, before, addend, address_of_tap_kernel(), out)


@parallel
def _mirrored(gradient, kernel, before, addend, function, out):
    """``out = conv2d(gradient, kernel) + addend``, with ``before`` (rows, columns) of zeros before.

    ``gradient``: (N, I, J, O); ``kernel``: (U, V, O, C), mirrored, C in whole vectors; ``addend``:
    (N, H, W, C) or `NO_ADDEND`; ``function``: what `address_of_tap_kernel` gives; ``out``:
    (N, H, W, C). All arrays are float32.
    """
    window_height, _, filters, channels = kernel.shape
    images, height, width, _ = out.shape
    weights = kernel.reshape(-1)
    results = out.reshape(-1)
    addends = addend.reshape(-1)
    zeros = np.zeros(VECTOR_WIDTH, out.dtype)
    tap = filters * channels
    blocks = -(-width // TAP_COLUMNS)
    bands = bands_of(images, height, width * (filters + channels), SLICES)
    for band in prange(images * bands):
        n = band // bands
        first, last = bounds(band % bands, bands, height)
        seen = last - first - 1 + window_height, width - 1 + TAPS  # rows and columns of positions
        shares, corner, row_size = padded_rows(
            gradient, n, first - before[0], seen[0], -before[1], seen[1]
        )
        for c in range(0, channels, VECTOR_WIDTH):
            right = (weights, c, tap, TAPS * tap, channels)
            for h in range(first, last):
                for block in range(blocks):
                    j, end = bounds(block, blocks, width)
                    share = corner + (h - first) * row_size + j * filters
                    left = (shares, share, filters, row_size, 1)
                    index = ((n * height + h) * width + j) * channels + c
                    more = (addends, index, channels) if addend.size > 0 else (zeros, 0, 0)
                    to = (results, index, channels)
                    tap_kernel(
                        function, end - j, window_height, filters, left, right, more, to, NO_LEAST
                    )
