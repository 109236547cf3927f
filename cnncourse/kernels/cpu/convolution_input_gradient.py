"""The gradient of a convolution's input, by the micro-kernel.

Each position of the window gives its share back to the pixels it saw. For a row of the image, the
micro-kernel walks through the rows of the window that saw it, and for each through the filters; its
columns are neighbouring columns of the gradient, its vectors run along the window's width and
channels. The windows of neighbouring columns overlap in the image, so that a register block is
added to what the row holds already.

(The textbooks' way, a convolution with the mirrored kernel, would spend up to half of its time on
multiplying the zeros around the gradient. Where they are few: ``convolution_mirrored.py``. And for
few positions: ``convolution_input_gradient_by_positions.py``.)
"""

import numpy as np
from numba import prange

from ..contract import contracted
from . import convolution_input_gradient_by_positions as by_positions
from . import convolution_mirrored
from .convolution_mirrored import mirrored_input_gradient
from .convolution_phases import apart, phases_of, together
from .max_pooling_rows import NO_ARGMAX, NO_POOLING, expand_rows
from .parallel.bands import add_floats, bands_of, copy_floats
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.dot_products import TAPS, shared_dot_products
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, micro_kernel, widened
from .simd.prefetch import prefetch_rows
from .simd.vector_width import COLUMNS, VECTOR_WIDTH

NO_ADDEND = np.empty((0, 0, 0, 0), np.float32)  # where nothing is to be added


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.conv2d_input_gradient``."""
    if geometry.dilated:
        plain, pixels, positions = phases_of(geometry)
        batch = apart(gradient, positions)
        phases = np.empty((len(batch), *plain.image, out.shape[3]), out.dtype)
        conv2d_input_gradient(batch, kernel, plain, phases)
        together(phases, pixels, out)
        return
    input_gradient(gradient, NO_ARGMAX, kernel, geometry, NO_POOLING, NO_ADDEND, out)


def input_gradient(gradient, argmax, kernel, geometry, pool, addend, out):
    """The input's gradient, from that of the positions, or of a max pooling of them, and more.

    ``gradient``: (N, P, Q, O); ``argmax``: the same shape, uint8, or `NO_ARGMAX` where there was
    neither pooling nor ReLU; ``kernel``: (U, V, C, O); ``geometry``: the convolution's; ``pool``:
    the pooling's windows (rows, columns), or `NO_POOLING`; ``addend``: (N, H, W, C), what another
    way gives the input, or `NO_ADDEND`; ``out``: (N, H, W, C). Floats are float32.
    """
    if argmax.size == 0 and convolution_mirrored.suits(kernel, geometry):
        mirrored_input_gradient(gradient, kernel, geometry, addend, out)
        return
    if by_positions.suits(kernel, geometry, len(out)):
        by_positions.add_what_positions_give(gradient, argmax, kernel, geometry, pool, addend, out)
        return
    window_height, window_width, channels, filters = kernel.shape
    fits = (
        window_width * channels < VECTOR_WIDTH
        and window_width <= TAPS
        and filters % VECTOR_WIDTH == 0
    )
    if fits and geometry.strides == (1, 1):
        _of_few_channels(gradient, argmax, kernel, geometry.before, pool, addend, out)
        return
    turned = kernel.transpose(0, 3, 1, 2).reshape(window_height, filters, -1)  # (U, O, V·C)
    turned = widened(np.ascontiguousarray(turned))
    _input_gradient(gradient, argmax, turned, geometry.strides, geometry.before, pool, addend, out)


@parallel
def _input_gradient(gradient, argmax, kernel, strides, before, pool, addend, out):
    """`input_gradient`, with the kernel as (U, O, V·C), `widened` along its last axis.

    ``strides`` and ``before`` are the geometry's, each (along the height, along the width).
    """
    window_height, filters, wide_run = kernel.shape
    images, height, width, channels = out.shape
    _, rows, columns, _ = gradient.shape
    rows = rows * pool[0]  # before the pooling
    columns = columns * pool[1]
    weights = kernel.reshape(-1)
    addends = addend.reshape(-1)
    results = out.reshape(-1)
    step = strides[1] * channels  # from one position's window to the next one's
    # a row of the image, with padding, and with room for the last window's last vector
    size = max((columns - 1) * step + wide_run, (before[1] + width) * channels)
    blocks = -(-columns // COLUMNS)
    bands = bands_of(images, height, columns * filters + width * channels, SLICES)
    for band in prange(images * bands):
        n = band // bands
        row = np.empty(size, out.dtype)
        start, stop = bounds(band % bands, bands, height)
        shares = gradient.reshape(-1)
        begin = n * rows * columns * filters  # index of position row 0
        if argmax.size > 0:
            # of the positions' rows, those from first on see the band, and those before last
            first = max(-(-(start + before[0] - window_height + 1) // strides[0]), 0)
            last = min((stop - 1 + before[0]) // strides[0] + 1, rows)
            shares = np.empty(max(last - first, 0) * columns * filters, out.dtype)
            begin = -first * columns * filters
            expand_rows(gradient, argmax, pool, n, first, last, columns, shares)
        for h in range(start, stop):
            if argmax.size == 0:
                near = n * rows + min((h + before[0]) // strides[0], rows)
                prefetch_rows(shares, near, columns * filters)
            row[:] = 0
            # position i sees row h with row u of its window: h + before = i · stride + u
            least_u = max(h + before[0] - (rows - 1) * strides[0], 0)
            u = least_u + (h + before[0] - least_u) % strides[0]
            i = (h + before[0] - u) // strides[0]
            count = max(min((window_height - 1 - u) // strides[0], i) + 1, 0)
            for r in range(0, wide_run, TWO_VECTORS):
                vectors = min((wide_run - r) // VECTOR_WIDTH, 2)
                for block in range(blocks):
                    j, end = bounds(block, blocks, columns)
                    share = begin + (i * columns + j) * filters
                    left = (shares, share, filters, -columns * filters, 1)  # up the gradient's rows
                    weight = u * filters * wide_run + r
                    right = (weights, weight, strides[0] * filters * wide_run, wide_run)
                    target = (row, j * step + r, step)
                    micro_kernel(
                        end - j, vectors, count, filters, left, right, target, target, NO_LEAST
                    )
            pixel = (n * height + h) * width * channels
            copy_floats(row, before[1] * channels, results, pixel, width * channels)
            if addend.size > 0:
                add_floats(addends, pixel, results, pixel, width * channels)


@parallel
def _of_few_channels(gradient, argmax, kernel, before, pool, addend, out):
    """`input_gradient` for stride 1, where a row of the window is too short to fill a vector.

    The vectors run along the filters instead, whose number must be a multiple of the vector width;
    the window must be at most `TAPS` wide. ``kernel``: (U, V, C, O), as it is.
    """
    window_height, window_width, channels, filters = kernel.shape
    images, height, width, _ = out.shape
    _, rows, columns, _ = gradient.shape
    rows = rows * pool[0]  # before the pooling
    columns = columns * pool[1]
    weights = kernel.reshape(-1)
    addends = addend.reshape(-1)
    results = out.reshape(-1)
    # so many neighbouring positions have windows that see VECTOR_WIDTH pixels
    together = VECTOR_WIDTH - window_width + 1
    whole = columns // together * together
    bands = bands_of(images, height, columns * filters, SLICES)
    for band in prange(images * bands):
        n = band // bands
        start, stop = bounds(band % bands, bands, height)
        # pixel row h is seen by position rows h + before - window height + 1 to h + before
        first = max(start + before[0] - window_height + 1, 0)
        count = max(min(stop + before[0], rows) - first, 0)
        shares = gradient.reshape(-1)
        begin = (n * rows + first) * columns * filters  # index of position row first
        if argmax.size > 0:
            shares = np.empty(count * columns * filters, out.dtype)
            begin = 0
            expand_rows(gradient, argmax, pool, n, first, first + count, columns, shares)
        # the last positions, with zeros to make as many as the others
        rest = np.zeros(count * together * filters, out.dtype)
        down = together * filters
        if whole < columns:
            for i in range(count):
                share = begin + (i * columns + whole) * filters
                copy_floats(shares, share, rest, i * down, (columns - whole) * filters)
        # a row of the image, with padding, and with room for the last positions' windows
        row = np.empty(max(whole + VECTOR_WIDTH, before[1] + width), out.dtype)
        for h in range(start, stop):
            # position row i sees pixel row h with row u of its window: h + before = i + u
            least_u = max(h + before[0] - rows + 1, 0)
            i = h + before[0] - least_u - first
            seen = min(window_height - 1, h + before[0]) - least_u + 1
            if argmax.size == 0:
                prefetch_rows(shares, n * rows + min(h + before[0], rows), columns * filters)
            for c in range(channels):
                row[:] = 0
                corner = (least_u * window_width * channels + c) * filters
                right = (weights, corner, channels * filters, window_width * channels * filters)
                steps = filters // VECTOR_WIDTH
                for j in range(0, whole, together):
                    share = begin + (i * columns + j) * filters
                    left = (shares, share, filters, -columns * filters)
                    shared_dot_products(window_width, seen, steps, left, right, (row, j))
                if whole < columns:
                    left = (rest, i * down, filters, -down)
                    shared_dot_products(window_width, seen, steps, left, right, (row, whole))
                pixel = (n * height + h) * width * channels + c
                if channels == 1:
                    copy_floats(row, before[1], results, pixel, width)
                else:
                    for w in range(width):
                        results[pixel + w * channels] = row[before[1] + w]
            if addend.size > 0:
                pixel = (n * height + h) * width * channels
                add_floats(addends, pixel, results, pixel, width * channels)
