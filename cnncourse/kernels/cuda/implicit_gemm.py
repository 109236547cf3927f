"""The fast convolution: an implicit GEMM, tiled in shared memory and blocked in registers.

It is the matrix product ``out[m, n] = Σ A[m, k] · B[k, n]`` of `index_plans`, whose A, the matrix
of im2col, is never stored: each block reads the pixels of its tile from the image. Beyond tiles in
shared memory, two things are done once instead of in the inner loop:

- *Register blocking.* With one output a thread, two values are read from shared memory for each
  multiplication. Here a thread computes ``thread_m`` × ``thread_n`` outputs: it reads
  ``thread_m + thread_n`` values for ``thread_m · thread_n`` multiplications, and holds the sums in
  registers.
- *Tables.* Which pixel is A[m, k]? The plan (see `index_plans`) holds an offset for each position
  of one image and one for each cell; their sum is the pixel's index. So there is no division in the
  loop: dividing integers takes a GPU tens of instructions.

All threads first load, then multiply. What a thread loads has nothing to do with what it computes:
neighbouring threads load neighbouring values, so that one trip to memory serves many of them
(*coalesced access*). Registers and shared memory of a multiprocessor are shared out to its blocks:
larger tiles need more of both, and leave room for fewer threads at a time (lower *occupancy*).
"""

from functools import cache

import numpy as np

from .compiler import ALIGNMENT, SIMULATED, cuda, float32, int32, jit, uint32
from .index_plans import (
    CELLS,
    COLUMN_STRIDE,
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
    WEIGHT,
    WIDTH,
)
from .tile_sizes import BANK_PADDING, VECTOR_WIDTH

ZERO = np.float32(0)


@cache
def implicit_gemm(tile, padded, row_major):
    """The kernel for a tile: ``kernel(source, weights, plan, rows, part_cells, part_size, out)``.

    ``tile``: a `Tile`; ``padded``: whether a window may reach beyond the image, where it sees
    zeros; ``row_major``: whether B's rows lie side by side in the weights, else its columns do.

    The kernel's arguments, arrays all flat: ``source``, the images that are convolved;
    ``weights``; ``plan``, the table of a `Plan`; ``rows``, the positions of all images, M;
    ``part_cells``, the cells that a block adds up; ``part_size``, the elements of the output;
    ``out`` (parts, part_size). Block (x, y, z) computes tile (x, y) of part z: the sums over the
    z-th ``part_cells`` cells only, so that long sums make more blocks (*split-K*).
    """
    BLOCK_M, BLOCK_N, BLOCK_K = tile.block_m, tile.block_n, tile.block_k
    THREAD_M, THREAD_N = tile.thread_m, tile.thread_n
    THREADS_N, THREADS_M = tile.threads
    SHAPE_A, SHAPE_B = (BLOCK_K, BLOCK_M + BANK_PADDING), (BLOCK_K, BLOCK_N + BANK_PADDING)
    # a thread's loads of A are one cell of LOADS_A positions, this far apart
    LOAD_STRIDE_A = THREADS_N * THREADS_M // BLOCK_K
    LOADS_A = BLOCK_M // LOAD_STRIDE_A
    # its loads of B are cells of one column if B's rows lie side by side, else columns of one cell
    LOAD_STRIDE_B = THREADS_N * THREADS_M // BLOCK_N if row_major else LOAD_STRIDE_A
    LOADS_B = BLOCK_K // LOAD_STRIDE_B if row_major else BLOCK_N // LOAD_STRIDE_B
    # the rows and columns that it computes are groups of VECTOR_WIDTH, this far apart
    GROUP_STRIDE_M, GROUP_STRIDE_N = THREADS_M * VECTOR_WIDTH, THREADS_N * VECTOR_WIDTH

    @jit
    def kernel(source, weights, plan, rows, part_cells, part_size, out):
        if SIMULATED:  # the simulator knows no alignment
            tile_a = cuda.shared.array(SHAPE_A, float32)
            tile_b = cuda.shared.array(SHAPE_B, float32)
        else:
            tile_a = cuda.shared.array(SHAPE_A, float32, ALIGNMENT)
            tile_b = cuda.shared.array(SHAPE_B, float32, ALIGNMENT)
        sums = cuda.local.array((THREAD_M, THREAD_N), float32)
        thread_a = cuda.local.array(THREAD_M, float32)
        thread_b = cuda.local.array(THREAD_N, float32)
        corners = cuda.local.array(LOADS_A, int32)
        tops = cuda.local.array(LOADS_A, int32)
        lefts = cuda.local.array(LOADS_A, int32)

        # the first column and the first row of the tile that this thread computes
        thread_column = cuda.threadIdx.x * VECTOR_WIDTH
        thread_row = cuda.threadIdx.y * VECTOR_WIDTH
        thread = cuda.threadIdx.y * THREADS_N + cuda.threadIdx.x
        row0 = cuda.blockIdx.x * BLOCK_M
        column0 = cuda.blockIdx.y * BLOCK_N
        positions, cells, columns = plan[POSITIONS], plan[CELLS], plan[COLUMNS]
        height, width = plan[HEIGHT], plan[WIDTH]
        cells_start = START + POSITION_COLUMNS * positions

        # what this thread will load of A: one cell of some positions
        load_k = thread % BLOCK_K
        load_row = thread // BLOCK_K
        for load in range(LOADS_A):
            m = min(row0 + load_row + load * LOAD_STRIDE_A, rows - 1)
            n = m // positions
            p = START + m - n * positions
            corners[load] = n * plan[IMAGE_SIZE] + plan[p + CORNER * positions]
            if padded:
                tops[load] = plan[p + TOP * positions]
                lefts[load] = plan[p + LEFT * positions]
        # and of B: some cells of one column, or some columns of one cell
        if row_major:
            load_k_b = thread // BLOCK_N
            column = column0 + thread % BLOCK_N
        else:
            load_k_b = load_k
            column = column0 + load_row
        for i in range(THREAD_M):
            for j in range(THREAD_N):
                sums[i, j] = ZERO

        # integers are truncated to 32 bits where they make an index: a GPU computes in 32 bits
        start = cuda.blockIdx.z * part_cells
        end = int32(min(start + part_cells, cells))
        while start < end:
            cell = int32(start + load_k)
            entry = uint32(cells_start + min(cell, end - 1))
            offset = plan[uint32(entry + OFFSET * cells)]
            if padded:
                u = plan[uint32(entry + DOWN * cells)]
                v = plan[uint32(entry + RIGHT * cells)]
            for load in range(LOADS_A):
                inside = cell < end
                if padded:
                    h, w = int32(tops[load] + u), int32(lefts[load] + v)
                    inside = inside and h >= 0 and h < height and w >= 0 and w < width
                value = ZERO
                if inside:
                    value = source[uint32(corners[load] + offset)]
                tile_a[load_k, load_row + load * LOAD_STRIDE_A] = value
            for load in range(LOADS_B):
                value = ZERO
                if row_major:
                    cell = int32(start + load_k_b + load * LOAD_STRIDE_B)
                    if cell < end and column < columns:
                        index = plan[uint32(cells_start + WEIGHT * cells + cell)]
                        value = weights[uint32(index + column)]
                    tile_b[load_k_b + load * LOAD_STRIDE_B, thread % BLOCK_N] = value
                else:
                    n = int32(column + load * LOAD_STRIDE_B)
                    if cell < end and n < columns:
                        index = plan[uint32(cells_start + WEIGHT * cells + cell)]
                        value = weights[uint32(index + n * plan[COLUMN_STRIDE])]
                    tile_b[load_k, load_row + load * LOAD_STRIDE_B] = value
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

        for i in range(THREAD_M):
            m = row0 + i // VECTOR_WIDTH * GROUP_STRIDE_M + thread_row + i % VECTOR_WIDTH
            if m < rows:
                n = m // positions
                # in RESULT's column, counted from its end, which makes fewer instructions
                p = cells_start - (POSITION_COLUMNS - RESULT) * positions + m - n * positions
                index = cuda.blockIdx.z * part_size + n * plan[OUT_SIZE] + plan[p]
                for j in range(THREAD_N):
                    group = j // VECTOR_WIDTH * GROUP_STRIDE_N
                    column = column0 + group + thread_column + j % VECTOR_WIDTH
                    if column < columns:
                        out[index + column] = sums[i, j]

    return kernel
