"""The gradient of a convolution's input, as tiles of multiply-adds.

Each position of the window gives its share back to the pixels it saw. For a row of the image, a
tile walks through the rows of the window that saw it, and for each through the filters; its columns
are neighbouring columns of the gradient, its lanes run along the window's width and channels. The
windows of neighbouring columns overlap in the image, so that a tile adds what it has to what is
there already.

(The textbooks' way, a convolution with the flipped kernel, would spend up to half of its time on
multiplying the zeros around the gradient.)
"""

import numpy as np
from numba import prange

from ..contract import kernel as contracted
from .bands import bands_of, copy_floats
from .slices import bounds
from .threads import parallel
from .tile import ANY, PAIR, tile, widened
from .vectors import COLUMNS, LANES
from .winners import ALONE, UNPOOLED, expand_rows


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.conv2d_input_gradient``."""
    input_gradient(gradient, UNPOOLED, kernel, geometry, ALONE, out)


def input_gradient(gradient, winners, kernel, geometry, pool, out):
    """The gradient may be that of a pooling by windows ``pool``, which ``winners`` lead back."""
    window_height, _, _, filters = kernel.shape
    turned = kernel.transpose(0, 3, 1, 2).reshape(window_height, filters, -1)  # (U, O, V·C)
    turned = widened(np.ascontiguousarray(turned))
    strides, before = geometry.strides, geometry.before
    _conv2d_input_gradient(gradient, winners, turned, strides, before, pool, out)


@parallel
def _conv2d_input_gradient(gradient, winners, kernel, strides, before, pool, out):
    """With the kernel as (window height, filters, window width · channels), `widened`."""
    window_height, filters, lanes = kernel.shape
    images, height, width, channels = out.shape
    _, rows, columns, _ = gradient.shape
    rows, columns = rows * pool[0], columns * pool[1]  # before the pooling
    weights, results = kernel.reshape(-1), out.reshape(-1)
    step = strides[1] * channels  # from one position's window to the next one's
    # a row of the image, with padding, and with room for the last window's last vector
    size = max((columns - 1) * step + lanes, (before[1] + width) * channels)
    blocks = -(-columns // COLUMNS)
    bands = bands_of(images, height, columns * filters + width * channels)
    for band in prange(images * bands):
        n = band // bands
        row = np.empty(size, out.dtype)
        start, stop = bounds(band % bands, bands, height)
        shares, begin = gradient.reshape(-1), n * rows * columns * filters  # of position row 0
        if winners.size > 0:
            # of the positions' rows, those from first on see the band, and those before last
            first = max(-(-(start + before[0] - window_height + 1) // strides[0]), 0)
            last = min((stop - 1 + before[0]) // strides[0] + 1, rows)
            shares = np.empty(max(last - first, 0) * columns * filters, out.dtype)
            begin = -first * columns * filters
            expand_rows(gradient, winners, pool, n, first, last, columns, shares)
        for h in range(start, stop):
            row[:] = 0
            # position i sees row h with row u of its window: h + before = i · stride + u
            least_u = max(h + before[0] - (rows - 1) * strides[0], 0)
            u = least_u + (h + before[0] - least_u) % strides[0]
            i = (h + before[0] - u) // strides[0]
            count = max(min((window_height - 1 - u) // strides[0], i) + 1, 0)
            for r in range(0, lanes, PAIR):
                vectors = min((lanes - r) // LANES, 2)
                for block in range(blocks):
                    j, end = bounds(block, blocks, columns)
                    place = begin + (i * columns + j) * filters
                    left = (shares, place, filters, -columns * filters, 1)  # up the gradient's rows
                    right = (weights, u * filters * lanes + r, strides[0] * filters * lanes, lanes)
                    target = (row, j * step + r, step)
                    tile(end - j, vectors, count, filters, left, right, target, target, ANY)
            place = (n * height + h) * width * channels
            copy_floats(row, before[1] * channels, results, place, width * channels)
