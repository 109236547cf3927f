"""Convolution tiled in shared memory: a block's threads load together what they all need.

A convolution is a product of two matrices (a *GEMM*), of which the first, the matrix of im2col, is
never stored (so it is an *implicit* GEMM): row m is what the window sees at position m of all
images, column l is cell l of the window,

    out[m, o] = Σ x[position m, cell l] · kernel[l, o]    (l = u, v, c)

A block computes a square of ``out``, its *tile*, a thread one value of it. For each ``TILE`` cells,
every thread loads one value of each matrix into *shared memory*, a small memory that a block's
threads have in common. A *barrier* makes all wait until the tile is whole; then each thread
multiplies a row by a column; a second barrier keeps the fast ones from overwriting what the slow
ones still read. Each value is loaded once for ``TILE`` threads, not once for each.
"""

import numpy as np

from ...kernels.cuda.compiler import cuda, float32, jit
from .window_cells import pixel, store, weight

ZERO = np.float32(0)
TILE = 16  # threads along each side of a block


@jit
def tiled_conv2d(x, kernel, strides, before, out):
    """``reference.conv2d``, with blocks of ``TILE`` × ``TILE`` threads.

    The grid: ``(blocks(positions, TILE), blocks(filters, TILE))``, where positions are N · I · J.
    """
    # 1: which value of the output is mine?
    along, across = cuda.threadIdx.y, cuda.threadIdx.x
    m = cuda.blockIdx.x * TILE + along  # position
    o = cuda.blockIdx.y * TILE + across  # filter
    pixels = cuda.shared.array((TILE, TILE), float32)
    weights = cuda.shared.array((TILE, TILE), float32)
    total = ZERO
    cells = kernel.shape[0] * kernel.shape[1] * kernel.shape[2]
    # 2: step by step, load a tile together, then multiply
    for start in range(0, cells, TILE):
        pixels[along, across] = pixel(x, kernel, strides, before, out, m, start + across)
        weights[along, across] = weight(kernel, start + along, o)
        cuda.syncthreads()
        for k in range(TILE):
            total += pixels[along, k] * weights[k, across]
        cuda.syncthreads()
    # 3: write
    store(out, m, o, total)
