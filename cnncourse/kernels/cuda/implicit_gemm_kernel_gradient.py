"""The gradient of a convolution's kernel: an implicit GEMM whose sums run over all positions.

    out[l, n] = Σ A[m, l] · gradient[m, n]

A is that of `implicit_gemm`, transposed: the output's rows are the cells l, and the sums run over
the positions m. The tiles and the tables are the same. There, few terms make many outputs; here,
many terms make few: a single tile may be all there is. So the positions are shared out to several
blocks (*split-K*), in *chunks* of some positions of one image; each block adds up every so-many-th
chunk, into a part of its own, and `column_sums` adds up the parts, in their order.
"""

from functools import cache

import numpy as np

from .compiler import ALIGNMENT, SIMULATED, cuda, float32, int32, jit, uint32
from .index_plans import (
    CELLS,
    COLUMNS,
    CORNER,
    DOWN,
    HEIGHT,
    IMAGE_SIZE,
    LEFT,
    OFFSET,
    OUT_SIZE,
    POSITION_COLUMNS,
    POSITIONS,
    RESULT,
    RIGHT,
    START,
    TOP,
    WIDTH,
)
from .tile_sizes import BANK_PADDING, VECTOR_WIDTH

ZERO = np.float32(0)
CHUNK = 64  # positions


@cache
def implicit_gemm_kernel_gradient(tile, padded):
    """The kernel for a tile: ``kernel(source, gradient, plan, chunks, parts, out)``.

    ``tile``: a `Tile`; ``padded``: whether a window may reach beyond the image, where it sees
    zeros.

    The kernel's arguments, arrays all flat: ``source``, the images that were convolved;
    ``gradient`` of the output; ``plan``, the table of the forward `Plan`; ``chunks``, of all
    images; ``parts``, the grid's z; ``out`` (parts, cells, columns). Block (x, y, z) computes tile
    (x, y) of part z, from the chunks z, z + ``parts``, …
    """
    BLOCK_M, BLOCK_N, BLOCK_K = tile.block_m, tile.block_n, tile.block_k
    THREAD_M, THREAD_N = tile.thread_m, tile.thread_n
    THREADS_N, THREADS_M = tile.threads
    SHAPE_A, SHAPE_B = (BLOCK_K, BLOCK_M + BANK_PADDING), (BLOCK_K, BLOCK_N + BANK_PADDING)
    # cells of a position, or columns of a gradient, are loaded side by side: coalesced; a thread's
    # own loads are one cell, or one column, of positions this far apart
    THREADS = THREADS_N * THREADS_M
    LOAD_STRIDE_A = THREADS // min(BLOCK_M, THREADS)
    LOAD_STRIDE_B = THREADS // min(BLOCK_N, THREADS)
    LOADS_A, LOADS_B = BLOCK_K // LOAD_STRIDE_A, BLOCK_K // LOAD_STRIDE_B
    # the rows and columns that it computes are groups of VECTOR_WIDTH, this far apart
    GROUP_STRIDE_M, GROUP_STRIDE_N = THREADS_M * VECTOR_WIDTH, THREADS_N * VECTOR_WIDTH

    @jit
    def kernel(source, gradient, plan, chunks, parts, out):
        if SIMULATED:  # the simulator knows no alignment
            tile_a = cuda.shared.array(SHAPE_A, float32)
            tile_b = cuda.shared.array(SHAPE_B, float32)
        else:
            tile_a = cuda.shared.array(SHAPE_A, float32, ALIGNMENT)
            tile_b = cuda.shared.array(SHAPE_B, float32, ALIGNMENT)
        sums = cuda.local.array((THREAD_M, THREAD_N), float32)
        thread_a = cuda.local.array(THREAD_M, float32)
        thread_b = cuda.local.array(THREAD_N, float32)

        # the first column and the first row of the tile that this thread computes
        thread_column = cuda.threadIdx.x * VECTOR_WIDTH
        thread_row = cuda.threadIdx.y * VECTOR_WIDTH
        thread = cuda.threadIdx.y * THREADS_N + cuda.threadIdx.x
        row0 = cuda.blockIdx.x * BLOCK_M
        column0 = cuda.blockIdx.y * BLOCK_N
        positions, cells, columns = plan[POSITIONS], plan[CELLS], plan[COLUMNS]
        height, width = plan[HEIGHT], plan[WIDTH]
        image_chunks = (positions + CHUNK - 1) // CHUNK  # in one image

        # what this thread will load: one cell of some positions, one column of some gradients
        load_row = thread % BLOCK_M
        load_k_a = thread // BLOCK_M
        entry = START + POSITION_COLUMNS * positions + min(row0 + load_row, cells - 1)
        offset = plan[entry + OFFSET * cells]
        u = plan[entry + DOWN * cells]
        v = plan[entry + RIGHT * cells]
        load_k_b = thread // BLOCK_N
        column = column0 + thread % BLOCK_N
        for i in range(THREAD_M):
            for j in range(THREAD_N):
                sums[i, j] = ZERO

        # integers are truncated to 32 bits where they make an index: a GPU computes in 32 bits
        chunk = cuda.blockIdx.z
        while chunk < chunks:
            n = chunk // image_chunks
            start = (chunk - n * image_chunks) * CHUNK
            end = int32(min(start + CHUNK, positions))
            corner = int32(n * plan[IMAGE_SIZE] + offset)
            result = int32(n * plan[OUT_SIZE] + column)
            while start < end:
                for load in range(LOADS_A):
                    p = int32(start + load_k_a + load * LOAD_STRIDE_A)
                    inside = p < end
                    entry = uint32(START + min(p, end - 1))
                    if padded:
                        h = int32(plan[uint32(entry + TOP * positions)] + u)
                        w = int32(plan[uint32(entry + LEFT * positions)] + v)
                        inside = inside and h >= 0 and h < height and w >= 0 and w < width
                    value = ZERO
                    if inside:
                        value = source[uint32(corner + plan[uint32(entry + CORNER * positions)])]
                    tile_a[load_k_a + load * LOAD_STRIDE_A, load_row] = value
                for load in range(LOADS_B):
                    p = int32(start + load_k_b + load * LOAD_STRIDE_B)
                    value = ZERO
                    if p < end and column < columns:
                        index = plan[uint32(START + RESULT * positions + p)]
                        value = gradient[uint32(result + index)]
                    tile_b[load_k_b + load * LOAD_STRIDE_B, thread % BLOCK_N] = value
                cuda.syncthreads()
                k = 0
                while k < BLOCK_K:  # the compiler unrolls this one, but no ``for``
                    for i in range(THREAD_M):
                        group = i // VECTOR_WIDTH * GROUP_STRIDE_M
                        thread_a[i] = tile_a[k, group + thread_row + i % VECTOR_WIDTH]
                    for j in range(THREAD_N):
                        group = j // VECTOR_WIDTH * GROUP_STRIDE_N
                        thread_b[j] = tile_b[k, group + thread_column + j % VECTOR_WIDTH]
                    for i in range(THREAD_M):
                        for j in range(THREAD_N):
                            sums[i, j] += thread_a[i] * thread_b[j]
                    k += 1
                cuda.syncthreads()
                start += BLOCK_K
            chunk += parts

        for i in range(THREAD_M):
            cell = row0 + i // VECTOR_WIDTH * GROUP_STRIDE_M + thread_row + i % VECTOR_WIDTH
            if cell < cells:
                index = (cuda.blockIdx.z * cells + cell) * columns
                for j in range(THREAD_N):
                    group = j // VECTOR_WIDTH * GROUP_STRIDE_N
                    column = column0 + group + thread_column + j % VECTOR_WIDTH
                    if column < columns:
                        out[index + column] = sums[i, j]

    return kernel
