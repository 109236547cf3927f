"""Convolution tiled in shared memory, and in each thread's registers: *register blocking*.

The implicit GEMM of `tiled_kernel`, with one thing changed: a thread computes ``EACH`` × ``EACH``
values of ``out``, not one. A value that it reads from shared memory is used ``EACH`` times, and the
sums stay in registers, the thread's own memory, which costs nothing to reach.

The course's own kernel, ``kernels/cuda/implicit_gemm.py``, does the same, with larger tiles and
with tables in place of the divisions.
"""

import numpy as np

from ...kernels.cuda.compiler import cuda, device, float32, jit

ZERO = np.float32(0)
SIDE = 8  # threads along each side of a block
EACH = 4  # rows and columns of ``out`` that a thread computes
TILE = SIDE * EACH  # rows and columns of ``out`` that a block computes
STEP = SIDE  # cells of the window that are loaded at once


@device
def pixel(x, kernel, strides, before, out, m, cell):
    """What the window sees in a cell (u, v, c) when it is at position m of all images."""
    j = m % out.shape[2]
    i = m // out.shape[2] % out.shape[1]
    n = m // (out.shape[2] * out.shape[1])
    c = cell % kernel.shape[2]
    v = cell // kernel.shape[2] % kernel.shape[1]
    u = cell // (kernel.shape[2] * kernel.shape[1])
    h = i * strides[0] + u - before[0]
    w = j * strides[1] + v - before[1]
    value = ZERO
    if n < x.shape[0] and u < kernel.shape[0] and 0 <= h < x.shape[1] and 0 <= w < x.shape[2]:
        value = x[n, h, w, c]
    return value


@device
def weight(kernel, cell, o):
    """The weight of filter o in a cell (u, v, c) of the window."""
    c = cell % kernel.shape[2]
    v = cell // kernel.shape[2] % kernel.shape[1]
    u = cell // (kernel.shape[2] * kernel.shape[1])
    value = ZERO
    if u < kernel.shape[0] and o < kernel.shape[3]:
        value = kernel[u, v, c, o]
    return value


@jit
def register_conv2d(x, kernel, strides, before, out):
    """``reference.conv2d``, with blocks of ``SIDE`` × ``SIDE`` threads.

    The grid: ``(blocks(positions, TILE), blocks(filters, TILE))``; positions: N · I · J.
    """
    pixels = cuda.shared.array((TILE, STEP), float32)
    weights = cuda.shared.array((STEP, TILE), float32)
    sums = cuda.local.array((EACH, EACH), float32)
    left = cuda.local.array(EACH, float32)
    right = cuda.local.array(EACH, float32)
    across = cuda.threadIdx.x
    along = cuda.threadIdx.y
    cells = kernel.shape[0] * kernel.shape[1] * kernel.shape[2]
    row0 = cuda.blockIdx.x * TILE
    column0 = cuda.blockIdx.y * TILE
    for a in range(EACH):
        for b in range(EACH):
            sums[a, b] = ZERO
    for start in range(0, cells, STEP):
        for e in range(EACH):
            row = along + e * SIDE
            m, cell = row0 + row, start + across
            pixels[row, across] = pixel(x, kernel, strides, before, out, m, cell)
            column = across + e * SIDE
            cell, o = start + along, column0 + column
            weights[along, column] = weight(kernel, cell, o)
        cuda.syncthreads()
        for k in range(STEP):
            for a in range(EACH):
                left[a] = pixels[along + a * SIDE, k]
            for b in range(EACH):
                right[b] = weights[k, across + b * SIDE]
            for a in range(EACH):
                for b in range(EACH):
                    sums[a, b] += left[a] * right[b]
        cuda.syncthreads()
    positions = out.shape[0] * out.shape[1] * out.shape[2]
    for a in range(EACH):
        m = row0 + along + a * SIDE
        j = m % out.shape[2]
        i = m // out.shape[2] % out.shape[1]
        n = m // (out.shape[2] * out.shape[1])
        for b in range(EACH):
            o = column0 + across + b * SIDE
            if m < positions and o < out.shape[3]:
                out[n, i, j, o] = sums[a, b]
