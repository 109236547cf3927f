"""Convolution tiled in shared memory, and in each thread's registers: *register blocking*.

The implicit GEMM of `tiled_kernel`, with one thing changed: a thread computes ``EACH`` × ``EACH``
values of ``out``, not one. A value that it reads from shared memory is used ``EACH`` times, and the
sums stay in registers, the thread's own memory, which costs nothing to reach.

The course's own kernel, ``kernels/cuda/implicit_gemm.py``, does the same, with larger tiles and
with tables in place of the divisions.
"""

import numpy as np

from ...kernels.cuda.compiler import cuda, float32, jit
from .window_cells import pixel, store, weight

ZERO = np.float32(0)
SIDE = 8  # threads along each side of a block
EACH = 4  # rows and columns of ``out`` that a thread computes
TILE = SIDE * EACH  # rows and columns of ``out`` that a block computes
STEP = SIDE  # cells of the window that are loaded at once


@jit
def register_conv2d(x, kernel, strides, before, out):
    """``reference.conv2d``, with blocks of ``SIDE`` × ``SIDE`` threads.

    The grid: ``(blocks(positions, TILE), blocks(filters, TILE))``; positions: N · I · J.
    """
    # 1: which values of the output are mine? EACH × EACH of them, SIDE apart
    along, across = cuda.threadIdx.y, cuda.threadIdx.x
    m, o = cuda.blockIdx.x * TILE + along, cuda.blockIdx.y * TILE + across
    pixels = cuda.shared.array((TILE, STEP), float32)
    weights = cuda.shared.array((STEP, TILE), float32)
    left = cuda.local.array(EACH, float32)
    right = cuda.local.array(EACH, float32)
    sums = cuda.local.array((EACH, EACH), float32)
    for a in range(EACH):
        for b in range(EACH):
            sums[a, b] = ZERO
    # 2: load a tile together: EACH values of each matrix
    for start in range(0, kernel.shape[0] * kernel.shape[1] * kernel.shape[2], STEP):
        for e in range(0, TILE, SIDE):
            cell = start + across
            pixels[along + e, across] = pixel(x, kernel, strides, before, out, m + e, cell)
            weights[along, across + e] = weight(kernel, start + along, o + e)
        cuda.syncthreads()
        # 3: multiply: EACH + EACH reads for EACH · EACH multiply-adds
        for k in range(STEP):
            for a in range(EACH):
                left[a] = pixels[along + a * SIDE, k]
                right[a] = weights[k, across + a * SIDE]
            for a in range(EACH):
                for b in range(EACH):
                    sums[a, b] += left[a] * right[b]
        cuda.syncthreads()
    # 4: write
    for a in range(EACH):
        for b in range(EACH):
            store(out, m + a * SIDE, o + b * SIDE, sums[a, b])
