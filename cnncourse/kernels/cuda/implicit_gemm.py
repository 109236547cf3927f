"""The fast convolution: tiles in shared memory, and in each thread's registers.

It is the product of `tiled`, ``out[m, o] = Σ source[position m, cell l] · weights[l, o]``, with two
things done once instead of in the inner loop:

- *Register tiles.* `tiled` reads two numbers from shared memory for each multiplication. Here a
  thread computes ``down`` × ``across`` numbers of ``out``: it reads ``down + across`` numbers for
  ``down · across`` multiplications, and keeps the sums in registers.
- *Tables.* Which pixel lies under cell l of position m? The plan (see `plans`) holds an offset for
  each position of one image and one for each cell; their sum is the pixel's place. So there is no
  division in the loop: dividing whole numbers takes a GPU tens of instructions.

All threads first fetch, then multiply. What a thread fetches has nothing to do with what it
computes: neighbours fetch neighbouring numbers, as the memory likes it.
"""

from functools import cache

import numpy as np

from .compiler import ALIGNMENT, SIMULATED, cuda, float32, int32, jit, uint32
from .index_plans import CELLS, COLUMNS, HEIGHT, IMAGE, OUT, POSITIONS, START, STEP, WIDTH
from .tile_sizes import APART, FOUR

ZERO = np.float32(0)


@cache
def implicit_gemm(tile, padded, straight):
    """The kernel for a tile: ``kernel(source, weights, plan, rows, share, size, out)``.

    ``padded``: whether a window may reach beyond the image, where it sees zeros; ``straight``:
    whether neighbouring columns of the weights lie side by side, else neighbouring cells do.

    Block (x, y, z) adds up the ``share`` of cells number z, into part z of ``out``, each part
    ``size`` numbers long. ``rows``: positions of all images.
    """
    ROWS, WIDE, DOWN, ACROSS, STEPS = tile.rows, tile.columns, tile.down, tile.across, tile.steps
    BESIDE, BELOW = tile.threads
    PIXELS, FACTORS = (STEPS, ROWS + APART), (STEPS, WIDE + APART)
    LINES = BESIDE * BELOW // STEPS  # positions whose pixels are fetched at once
    FETCHES = ROWS // LINES
    # how many cells, or columns, of the weights are fetched at once
    FEW = BESIDE * BELOW // WIDE if straight else LINES
    MORE = STEPS // FEW if straight else WIDE // FEW
    # a thread's rows and columns are groups of four, this far apart
    NEXT_ROWS, NEXT_COLUMNS = BELOW * FOUR, BESIDE * FOUR

    @jit
    def kernel(source, weights, plan, rows, share, size, out):
        if SIMULATED:  # the simulator knows no alignment
            pixels = cuda.shared.array(PIXELS, float32)
            factors = cuda.shared.array(FACTORS, float32)
        else:
            pixels = cuda.shared.array(PIXELS, float32, ALIGNMENT)
            factors = cuda.shared.array(FACTORS, float32, ALIGNMENT)
        sums = cuda.local.array((DOWN, ACROSS), float32)
        left = cuda.local.array(DOWN, float32)
        right = cuda.local.array(ACROSS, float32)
        corners = cuda.local.array(FETCHES, int32)
        tops = cuda.local.array(FETCHES, int32)
        lefts = cuda.local.array(FETCHES, int32)

        beside = cuda.threadIdx.x * FOUR
        below = cuda.threadIdx.y * FOUR
        thread = cuda.threadIdx.y * BESIDE + cuda.threadIdx.x
        row0 = cuda.blockIdx.x * ROWS
        column0 = cuda.blockIdx.y * WIDE
        positions, cells, columns = plan[POSITIONS], plan[CELLS], plan[COLUMNS]
        height, width = plan[HEIGHT], plan[WIDTH]
        lines = START + 4 * positions  # where the cells' offsets begin

        # what this thread will fetch: one cell of some positions, some cells of one column
        step = thread % STEPS
        line = thread // STEPS
        for e in range(FETCHES):
            m = min(row0 + line + e * LINES, rows - 1)
            n = m // positions
            p = START + m - n * positions
            corners[e] = n * plan[IMAGE] + plan[p]
            if padded:
                tops[e] = plan[p + positions]
                lefts[e] = plan[p + 2 * positions]
        if straight:
            first, column = thread // WIDE, column0 + thread % WIDE
        else:
            first, column = step, column0 + line
        for i in range(DOWN):
            for j in range(ACROSS):
                sums[i, j] = ZERO

        # whole numbers are cut to 32 bits where they make an index: a GPU computes in 32 bits
        start = cuda.blockIdx.z * share
        end = int32(min(start + share, cells))
        while start < end:
            cell = int32(start + step)
            place = uint32(lines + min(cell, end - 1))
            offset = plan[place]
            if padded:
                u = plan[uint32(place + cells)]
                v = plan[uint32(place + 2 * cells)]
            for e in range(FETCHES):
                there = cell < end
                if padded:
                    h, w = int32(tops[e] + u), int32(lefts[e] + v)
                    there = there and h >= 0 and h < height and w >= 0 and w < width
                value = ZERO
                if there:
                    value = source[uint32(corners[e] + offset)]
                pixels[step, line + e * LINES] = value
            for e in range(MORE):
                value = ZERO
                if straight:
                    cell = int32(start + first + e * FEW)
                    if cell < end and column < columns:
                        place = plan[uint32(lines + 3 * cells + cell)]
                        value = weights[uint32(place + column)]
                    factors[first + e * FEW, thread % WIDE] = value
                else:
                    across = int32(column + e * FEW)
                    if cell < end and across < columns:
                        place = plan[uint32(lines + 3 * cells + cell)]
                        value = weights[uint32(place + across * plan[STEP])]
                    factors[step, line + e * FEW] = value
            cuda.syncthreads()
            k = 0
            while k < STEPS:  # the compiler unrolls this one, but no ``for``
                for i in range(DOWN):
                    left[i] = pixels[k, i // FOUR * NEXT_ROWS + below + i % FOUR]
                for j in range(ACROSS):
                    right[j] = factors[k, j // FOUR * NEXT_COLUMNS + beside + j % FOUR]
                for i in range(DOWN):
                    for j in range(ACROSS):
                        sums[i, j] += left[i] * right[j]
                k += 1
            cuda.syncthreads()
            start += STEPS

        for i in range(DOWN):
            m = row0 + i // FOUR * NEXT_ROWS + below + i % FOUR
            if m < rows:
                n = m // positions
                p = lines - positions + m - n * positions
                place = cuda.blockIdx.z * size + n * plan[OUT] + plan[p]
                for j in range(ACROSS):
                    column = column0 + j // FOUR * NEXT_COLUMNS + beside + j % FOUR
                    if column < columns:
                        out[place + column] = sums[i, j]

    return kernel
