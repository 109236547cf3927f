"""Depthwise convolution and its gradients: the vectors hold channels, which never mix.

In channels-last arrays the channels of a pixel lie side by side, and so do the weights that they
meet. `channel_kernel` multiplies them vector by vector and keeps the sums of neighbouring columns
in registers. Where a channel has several filters, it is first written as often, beside itself.

There are few multiply-adds for each value that is read, so that memory decides how fast this is:
a band of rows is read once, and used for all rows of the window while it lies in the cache.
"""

from math import gcd

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .convolution_kernel_gradient import slices_of
from .parallel.bands import BAND_FLOATS, bands_of, padded_rows
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.channel_kernel import address_of_channel_kernel, channel_kernel
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, widened
from .simd.vector_width import COLUMNS, VECTOR_WIDTH

NO_CELL = 2**30  # more than any window has


@contracted
def depthwise_conv2d(x, kernel, geometry, out):
    """See ``reference.depthwise_conv2d``."""
    weights = widened(kernel.reshape(*geometry.window, -1))  # (U, V, C·M)
    out = _side_by_side(out)  # (N, I, J, C·M)
    lies = geometry.strides, geometry.dilation, geometry.before
    _forward(x, weights, *lies, address_of_channel_kernel(), out)


@parallel
def _forward(x, kernel, strides, dilation, before, function, out):
    """`depthwise_conv2d`, with ``kernel`` (U, V, channels) `widened` and ``out`` (N, I, J, C·M).

    ``strides``, ``dilation`` and ``before`` are the geometry's, each (along the height, along the
    width); ``function`` is what `address_of_channel_kernel` gives.
    """
    window_height, window_width, wide = kernel.shape
    images, rows, columns, channels = out.shape
    weights = kernel.reshape(-1)
    results = out.reshape(-1)
    zeros = np.zeros(TWO_VECTORS, out.dtype)
    reach = (columns - 1) * strides[1] + (window_width - 1) * dilation[1] + 1  # pixels that it sees
    blocks = -(-columns // COLUMNS)
    bands = bands_of(images, rows, strides[0] * x.shape[2] * wide + columns * channels, SLICES)
    for band in prange(images * bands):
        n = band // bands
        start, stop = bounds(band % bands, bands, rows)
        top = start * strides[0] - before[0]
        height = (stop - 1 - start) * strides[0] + (window_height - 1) * dilation[0] + 1
        pixels, corner, row_size = _wide_rows(
            x, n, top, height, -before[1], reach, channels // x.shape[3], wide
        )
        row = np.empty(columns * wide if wide > channels else 0, out.dtype)
        for i in range(start, stop):
            window = corner + (i - start) * strides[0] * row_size
            index = (n * rows + i) * columns * channels
            target, first = (row, 0) if wide > channels else (results, index)
            for c in range(0, wide, TWO_VECTORS):
                vectors = min((wide - c) // VECTOR_WIDTH, 2)
                right = (weights, c, window_width * wide, wide)
                for block in range(blocks):
                    j, end = bounds(block, blocks, columns)
                    corner_j = window + j * strides[1] * wide + c
                    left = (
                        pixels, corner_j,
                        strides[1] * wide, dilation[0] * row_size, dilation[1] * wide,
                    )  # fmt: skip
                    to = (target, first + j * wide + c, wide)
                    channel_kernel(
                        function, end - j, vectors, window_height, window_width,
                        left, right, (zeros, 0, 0), to, NO_LEAST,
                    )  # fmt: skip
            if wide > channels:
                _add_groups(row, wide, results, index, channels, 1, columns)


@contracted
def depthwise_conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.depthwise_conv2d_input_gradient``."""
    weights = widened(kernel.reshape(*geometry.window, -1))  # (U, V, C·M)
    gradient = _side_by_side(gradient)  # (N, I, J, C·M)
    lies = geometry.strides, geometry.dilation, geometry.before
    _input_gradient(gradient, weights, *lies, address_of_channel_kernel(), out)


@parallel
def _input_gradient(gradient, kernel, strides, dilation, before, function, out):
    """`depthwise_conv2d_input_gradient`, with ``gradient`` (N, I, J, C·M) and `_forward`'s kernel.

    Pixel h was seen by cell u of the window at position (h + before − u · dilation) / stride, where
    that is a whole number: from one such cell to the next, the position moves by a whole number,
    too. Pixels that are a stride apart were seen by the same cells.
    """
    window_height, window_width, wide = kernel.shape
    images, height, width, channels = out.shape
    _, rows, columns, spread = gradient.shape
    multiplier = spread // channels
    weights = kernel.reshape(-1)
    results = out.reshape(-1)
    zeros = np.zeros(TWO_VECTORS, out.dtype)
    # from one cell that saw a pixel to the next, and how far the position moves back meanwhile
    cells_down, back_down = _apart(strides[0], dilation[0])
    cells_right, back_right = _apart(strides[1], dilation[1])
    # columns of the gradient that see the image: from the first on, with zeros where it has none
    leftmost = (before[1] - (window_width - 1) * dilation[1]) // strides[1]
    reach = (width - 1 + before[1]) // strides[1] - leftmost + 1
    detour = wide > channels
    bands = bands_of(images, height, columns * wide // strides[0] + width * channels, SLICES)
    for band in prange(images * bands):
        n = band // bands
        start, stop = bounds(band % bands, bands, height)
        top = (start + before[0] - (window_height - 1) * dilation[0]) // strides[0]
        seeing = (stop - 1 + before[0]) // strides[0] - top + 1
        shares, corner, row_size = _wide_rows(gradient, n, top, seeing, leftmost, reach, 1, wide)
        row = np.empty(width * wide if detour else 0, out.dtype)
        for h in range(start, stop):
            index = (n * height + h) * width * channels
            target, first = (row, 0) if detour else (results, index)
            u = _first_cell(h + before[0], strides[0], dilation[0])
            i = (h + before[0] - u * dilation[0]) // strides[0]
            down = max(-(-(window_height - u) // cells_down), 0)  # cells that saw the row
            for phase in range(min(strides[1], width)):
                v = _first_cell(phase + before[1], strides[1], dilation[1])
                j = (phase + before[1] - v * dilation[1]) // strides[1]
                right = max(-(-(window_width - v) // cells_right), 0)
                pixels = -(-(width - phase) // strides[1])
                blocks = -(-pixels // COLUMNS)
                for c in range(0, wide, TWO_VECTORS):
                    vectors = min((wide - c) // VECTOR_WIDTH, 2)
                    weight = (u * window_width + v) * wide + c
                    by = (weights, weight, cells_down * window_width * wide, cells_right * wide)
                    for block in range(blocks):
                        k, end = bounds(block, blocks, pixels)
                        share = corner + (i - top) * row_size + (j + k - leftmost) * wide + c
                        left = (shares, share, wide, -back_down * row_size, -back_right * wide)
                        w = phase + k * strides[1]
                        to = (target, first + w * wide + c, strides[1] * wide)
                        channel_kernel(
                            function,
                            end - k,
                            vectors,
                            down,
                            right,
                            left,
                            by,
                            (zeros, 0, 0),
                            to,
                            NO_LEAST,
                        )
            if detour:
                _add_groups(row, wide, results, index, channels, multiplier, width)


@contracted
def depthwise_conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.depthwise_conv2d_kernel_gradient``."""
    gradient = _side_by_side(gradient)  # (N, I, J, C·M)
    images, rows, columns, channels = gradient.shape
    if images == 0:  # the sums below would never be begun
        out[...] = 0
        return
    slices = slices_of(images, rows, columns)
    wide = channels + -channels % VECTOR_WIDTH
    parts = np.empty((slices, *geometry.window, wide), out.dtype)
    lies = geometry.strides, geometry.dilation, geometry.before
    _kernel_gradient(x, gradient, *lies, address_of_channel_kernel(), parts)
    np.sum(parts[..., :channels], axis=0, out=out.reshape(*geometry.window, channels))


@parallel
def _kernel_gradient(x, gradient, strides, dilation, before, function, parts):
    """The gradient of each slice of the batch, into ``parts`` (slices, U, V, channels).

    ``gradient``: (N, I, J, C·M); the parts have as many channels more as make whole vectors.
    """
    slices, window_height, window_width, wide = parts.shape
    images, rows, columns, channels = gradient.shape
    sums = parts.reshape(-1)
    zeros = np.zeros(TWO_VECTORS, sums.dtype)
    reach = (columns - 1) * strides[1] + (window_width - 1) * dilation[1] + 1
    blocks = -(-window_width // COLUMNS)
    row_size = (strides[0] * x.shape[2] + columns) * wide
    bands = min(max(-(-rows * row_size // BAND_FLOATS), -(-slices // images)), rows)
    for part in prange(slices):
        start, stop = bounds(part, slices, images * bands)
        for band in range(start, stop):
            n = band // bands
            first, last = bounds(band % bands, bands, rows)
            top = first * strides[0] - before[0]
            height = (last - 1 - first) * strides[0] + (window_height - 1) * dilation[0] + 1
            pixels, corner, down = _wide_rows(
                x, n, top, height, -before[1], reach, channels // x.shape[3], wide
            )
            shares, share, share_row = _wide_rows(
                gradient, n, first, last - first, 0, columns, 1, wide
            )
            for c in range(0, wide, TWO_VECTORS):
                vectors = min((wide - c) // VECTOR_WIDTH, 2)
                right = (shares, share + c, share_row, wide)
                for u in range(window_height):
                    for block in range(blocks):
                        v, end = bounds(block, blocks, window_width)
                        pixel = corner + u * dilation[0] * down + v * dilation[1] * wide + c
                        left = (
                            pixels, pixel,
                            dilation[1] * wide, strides[0] * down, strides[1] * wide,
                        )  # fmt: skip
                        index = ((part * window_height + u) * window_width + v) * wide + c
                        target = (sums, index, wide)
                        addend = (zeros, 0, 0) if band == start else target
                        channel_kernel(
                            function, end - v, vectors, last - first, columns,
                            left, right, addend, target, NO_LEAST,
                        )  # fmt: skip


def _side_by_side(maps):
    """Maps (N, I, J, C, M) as images of C·M channels."""
    *positions, channels, multiplier = maps.shape
    return maps.reshape(*positions, channels * multiplier)


@jit
def _apart(stride, dilation):
    """From one cell that saw a pixel to the next: how many cells, and how many positions back."""
    common = gcd(stride, dilation)
    return stride // common, dilation // common


@jit
def _first_cell(pixel, stride, dilation):
    """The first cell of a window that saw a pixel, from whatever position, or `NO_CELL`.

    ``pixel`` is counted from the first one of the padding.
    """
    for cell in range(stride):
        if (pixel - cell * dilation) % stride == 0:
            return cell
    return NO_CELL


@jit
def _wide_rows(x, n, top, rows, left, columns, multiplier, wide):
    """`padded_rows`, with each channel ``multiplier`` times and then zeros, ``wide`` in all."""
    pixels, first, row_size = padded_rows(x, n, top, rows, left, columns)
    channels = x.shape[3]
    if wide == channels:
        return pixels, first, row_size
    copy = np.zeros(rows * columns * wide, x.dtype)
    for row in range(rows):
        for column in range(columns):
            source = first + row * row_size + column * channels
            target = (row * columns + column) * wide
            for c in range(channels):
                for m in range(multiplier):
                    copy[target + c * multiplier + m] = pixels[source + c]
    return copy, 0, columns * wide


@jit
def _add_groups(row, wide, results, first, channels, multiplier, columns):
    """Each pixel's channels, ``wide`` apart in ``row``, into ``results`` from index ``first`` on.

    Each of ``channels`` is the sum of ``multiplier`` neighbours.
    """
    for column in range(columns):
        for c in range(channels):
            total = row[column * wide + c * multiplier]
            for m in range(1, multiplier):
                total += row[column * wide + c * multiplier + m]
            results[first + column * channels + c] = total
