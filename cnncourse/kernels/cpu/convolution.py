"""Convolution by the micro-kernel.

Read ``reference.conv2d`` first: its short twin in NumPy, which says what is computed. This file
says in what order.

In channels-last arrays, a row of the window lies on the image as one contiguous run of window
width × channels values. So the micro-kernel walks through the rows of the window, and through the
run of each: a matrix product (GEMM) that reads its left matrix from the image itself, where im2col
would have to copy it. Its columns are neighbouring columns of the output, its vectors hold filters.
Only where the output is narrow, windows are copied after all: ``patches.py``.
"""

import numpy as np
from numba import prange

from ..contract import contracted
from .convolution_phases import apart, phases_of, together
from .convolution_pooled import convolve_and_pool, pooled_way
from .max_pooling_rows import NO_ARGMAX, NO_POOLING, mark_rows, pool_rows
from .parallel.bands import bands_of, padded_rows
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .patches import NARROW, patches_of
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, ZERO, micro_kernel, widened
from .simd.tap_kernel import TAP_COLUMNS, TAPS, address_of_tap_kernel, tap_kernel
from .simd.vector_width import COLUMNS, VECTOR_WIDTH


@contracted
def conv2d(x, kernel, geometry, out):
    """See ``reference.conv2d``."""
    if geometry.dilated:
        plain, pixels, positions = phases_of(geometry)
        batch = apart(x, pixels)
        phases = np.empty((len(batch), *plain.output, out.shape[3]), out.dtype)
        conv2d(batch, kernel, plain, phases)
        together(phases, positions, out)
        return
    bias = np.zeros(kernel.shape[-1], out.dtype)
    convolve(x, kernel, bias, geometry, NO_POOLING, False, out, NO_ARGMAX)


def convolve(x, kernel, bias, geometry, pool, relu, out, argmax):
    """Convolution and bias, then max pooling by windows ``pool``, then ReLU if ``relu``.

    ``x``: (N, H, W, C); ``kernel``: (U, V, C, O); ``bias``: (O,); ``geometry``: the convolution's;
    ``pool``: (rows, columns), or `NO_POOLING`; ``out``: (N, P, Q, O), where P × Q are the positions
    after the pooling; ``argmax``: (N, P, Q, O) uint8, or `NO_ARGMAX`. Floats are float32.
    """
    lies = geometry.strides, geometry.before
    by_taps = slides(geometry, kernel.shape[3])
    way = pooled_way(pool, geometry, *kernel.shape[2:], by_taps)
    if way[0]:
        convolve_and_pool(x, kernel, bias, *lies, pool, relu, SLICES, way, out, argmax)
        return
    kernel = widened(kernel)
    bias = widened(bias)
    function = address_of_tap_kernel() if by_taps else 0
    convolve_widened(x, kernel, bias, *lies, pool, relu, SLICES, function, out, argmax)


def slides(geometry, filters):
    """Whether `tap_kernel` takes a vector of filters that is alone, as one of an odd number is."""
    alone = -(-filters // VECTOR_WIDTH) % 2 == 1
    wide = geometry.output[1] > NARROW
    return alone and wide and geometry.window[1] == TAPS and geometry.strides[1] == 1


@parallel
def convolve_widened(x, kernel, bias, strides, before, pool, relu, tasks, by_taps, out, argmax):
    """`convolve`, with ``kernel`` and ``bias`` `widened`: (U, V, C, filters) and (filters,).

    ``strides`` and ``before`` are the geometry's, each (along the height, along the width). The
    work is cut into ``tasks`` tasks at least, if it has as many rows. ``by_taps``: the address of
    `tap_kernel`'s function where windows slide as it wants them, else 0.
    """
    window_height, window_width, channels, wide_filters = kernel.shape
    images, rows, columns, filters = out.shape
    columns = columns * pool[1]  # before the pooling
    pooled = pool != NO_POOLING
    least = ZERO if relu and not pooled else NO_LEAST
    run = window_width * channels  # values in a row of the window
    step = strides[1] * channels  # from one column's window to the next one's
    weights = kernel.reshape(-1)
    reach = (columns - 1) * strides[1] + window_width  # pixels that a row of the output sees
    floats = pool[0] * (strides[0] * x.shape[2] * channels + columns * filters)  # for a row of out
    bands = bands_of(images, rows, floats, tasks)
    for band in prange(images * bands):
        n = band // bands
        start, stop = bounds(band % bands, bands, rows)
        first = start * pool[0]  # rows before the pooling
        last = stop * pool[0]
        top = first * strides[0] - before[0]
        height = (last - 1 - first) * strides[0] + window_height
        pixels, corner, row_size = padded_rows(x, n, top, height, -before[1], reach)
        # lines of positions, which register blocks take from; and a window's rows and their steps
        lines, positions = last - first, columns
        sum_rows, sum_steps = window_height, run
        down = strides[0] * row_size
        across = step
        if columns <= NARROW and by_taps == 0:
            # as one line, with windows of one row: the same sums, in the same order
            distances = down, across, row_size
            pixels = patches_of(pixels, corner, distances, window_height, run, lines, columns)
            lines, positions = 1, lines * columns
            sum_rows, sum_steps = 1, window_height * run
            corner = down = 0
            across = sum_steps
        detour = np.empty(max(COLUMNS, TAP_COLUMNS) * TWO_VECTORS, out.dtype)
        count = (last - first) * columns * filters
        if pooled:
            target = np.empty(count + TWO_VECTORS, out.dtype)
            begin = 0
            beyond = len(target)
        else:
            target = out.reshape(-1)
            begin = (n * rows + first) * columns * filters
            beyond = begin + count  # where the next band begins
        # The vectors of the last filters may hang over into the first filters of the next pixels.
        # These are written later, for the last filters come first. Only where they would hang over
        # into the next band, register blocks are written to ``detour`` first.
        for o in range((wide_filters - 1) // TWO_VECTORS * TWO_VECTORS, -1, -TWO_VECTORS):
            vectors = min((wide_filters - o) // VECTOR_WIDTH, 2)
            wanted = min(filters - o, TWO_VECTORS)
            alone = by_taps != 0 and vectors == 1
            blocks = -(-positions // (TAP_COLUMNS if alone else COLUMNS))
            for i in range(lines):
                for block in range(blocks):
                    j, end = bounds(block, blocks, positions)
                    left = (pixels, corner + i * down + j * across, across, row_size, 1)
                    addend = (bias, o, 0)
                    index = begin + (i * positions + j) * filters + o
                    hangs_over = index + (end - j - 1) * filters + vectors * VECTOR_WIDTH > beyond
                    to = (detour, 0, TWO_VECTORS) if hangs_over else (target, index, filters)
                    if alone:
                        tap = channels * wide_filters
                        right = (weights, o, tap, TAPS * tap, wide_filters)
                        tap_kernel(
                            by_taps, end - j, window_height, channels, left, right, addend, to,
                            least,
                        )  # fmt: skip
                    else:
                        right = (weights, o, sum_steps * wide_filters, wide_filters)
                        micro_kernel(
                            end - j, vectors, sum_rows, sum_steps, left, right, addend, to, least
                        )
                    if hangs_over:
                        for column in range(end - j):
                            for k in range(wanted):
                                value = detour[column * TWO_VECTORS + k]
                                target[index + column * filters + k] = value
        if pooled:
            pool_rows(target, columns, pool, relu, n, start, stop, out, argmax)
        elif argmax.size > 0:
            mark_rows(n, start, stop, relu, out, argmax)
