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

ZERO = np.float32(0)
TILE = 16  # threads along each side of a block


@jit
def tiled_conv2d(x, kernel, strides, before, out):
    """``reference.conv2d``, with blocks of ``TILE`` × ``TILE`` threads.

    The grid: ``(blocks(positions, TILE), blocks(filters, TILE))``, where positions are N · I · J.
    """
    pixels = cuda.shared.array((TILE, TILE), float32)
    weights = cuda.shared.array((TILE, TILE), float32)
    images, rows, columns, filters = out.shape
    down, right, channels = kernel.shape[0], kernel.shape[1], kernel.shape[2]
    across = cuda.threadIdx.x
    along = cuda.threadIdx.y
    m = cuda.blockIdx.x * TILE + along
    o = cuda.blockIdx.y * TILE + across
    j = m % columns
    i = m // columns % rows
    n = m // (columns * rows)
    total = ZERO
    for start in range(0, down * right * channels, TILE):
        cell = start + across
        c = cell % channels
        v = cell // channels % right
        u = cell // (channels * right)
        h = i * strides[0] + u - before[0]
        w = j * strides[1] + v - before[1]
        if n < images and u < down and 0 <= h < x.shape[1] and 0 <= w < x.shape[2]:
            pixels[along, across] = x[n, h, w, c]
        else:
            pixels[along, across] = ZERO
        cell = start + along
        c = cell % channels
        v = cell // channels % right
        u = cell // (channels * right)
        if u < down and o < filters:
            weights[along, across] = kernel[u, v, c, o]
        else:
            weights[along, across] = ZERO
        cuda.syncthreads()
        for k in range(TILE):
            total += pixels[along, k] * weights[k, across]
        cuda.syncthreads()
    if n < images and o < filters:
        out[n, i, j, o] = total
