"""The gradient of a convolution's kernel: a product whose sums run over all positions.

    out[l, o] = Σ source[position m, cell l] · gradient[m, o]

With the tiles and tables of `product`. There, few terms make many numbers; here, many terms make
few: a single tile may be all there is. So the positions are shared out to several blocks, in
*items* of some positions of one image; each block adds up every so-many-th item, into a part of its
own, and `sums` adds up the parts, in their order.
"""

from functools import cache

import numpy as np

from .compiler import ALIGNMENT, SIMULATED, cuda, float32, int32, jit, uint32
from .index_plans import CELLS, COLUMNS, HEIGHT, IMAGE, OUT, POSITIONS, START, WIDTH
from .tile_sizes import APART, FOUR

ZERO = np.float32(0)
ITEM = 64  # positions


@cache
def implicit_gemm_kernel_gradient(tile, padded):
    """The kernel for a tile: ``kernel(source, gradient, plan, items, parts, out)``.

    ``items``: of all images; block (x, y, z) does items z, z + ``parts``, … into part z of ``out``.
    """
    ROWS, WIDE, DOWN, ACROSS, STEPS = tile.rows, tile.columns, tile.down, tile.across, tile.steps
    BESIDE, BELOW = tile.threads
    PIXELS, FACTORS = (STEPS, ROWS + APART), (STEPS, WIDE + APART)
    # cells of a position, or columns of a gradient, are fetched side by side
    AT_ONCE = BESIDE * BELOW
    NARROW_ROWS, NARROW_WIDE = min(ROWS, AT_ONCE), min(WIDE, AT_ONCE)
    LINES, FEW = AT_ONCE // NARROW_ROWS, AT_ONCE // NARROW_WIDE
    FETCHES, MORE = STEPS // LINES, STEPS // FEW
    NEXT_ROWS, NEXT_COLUMNS = BELOW * FOUR, BESIDE * FOUR

    @jit
    def kernel(source, gradient, plan, items, parts, out):
        if SIMULATED:  # the simulator knows no alignment
            pixels = cuda.shared.array(PIXELS, float32)
            factors = cuda.shared.array(FACTORS, float32)
        else:
            pixels = cuda.shared.array(PIXELS, float32, ALIGNMENT)
            factors = cuda.shared.array(FACTORS, float32, ALIGNMENT)
        sums = cuda.local.array((DOWN, ACROSS), float32)
        left = cuda.local.array(DOWN, float32)
        right = cuda.local.array(ACROSS, float32)

        beside = cuda.threadIdx.x * FOUR
        below = cuda.threadIdx.y * FOUR
        thread = cuda.threadIdx.y * BESIDE + cuda.threadIdx.x
        row0 = cuda.blockIdx.x * ROWS
        column0 = cuda.blockIdx.y * WIDE
        positions, cells, columns = plan[POSITIONS], plan[CELLS], plan[COLUMNS]
        height, width = plan[HEIGHT], plan[WIDTH]
        pieces = (positions + ITEM - 1) // ITEM  # items of one image

        # what this thread will fetch: one cell of some positions, one column of some gradients
        row, line = thread % ROWS, thread // ROWS
        place = START + 4 * positions + min(row0 + row, cells - 1)
        offset, u, v = plan[place], plan[place + cells], plan[place + 2 * cells]
        few = thread // WIDE
        column = column0 + thread % WIDE
        for i in range(DOWN):
            for j in range(ACROSS):
                sums[i, j] = ZERO

        item = cuda.blockIdx.z
        while item < items:
            n = item // pieces
            start = (item - n * pieces) * ITEM
            end = int32(min(start + ITEM, positions))
            corner = int32(n * plan[IMAGE] + offset)
            target = int32(n * plan[OUT] + column)
            while start < end:
                for e in range(FETCHES):
                    p = int32(start + line + e * LINES)
                    there = p < end
                    place = uint32(START + min(p, end - 1))
                    if padded:
                        h = int32(plan[uint32(place + positions)] + u)
                        w = int32(plan[uint32(place + 2 * positions)] + v)
                        there = there and h >= 0 and h < height and w >= 0 and w < width
                    value = ZERO
                    if there:
                        value = source[uint32(corner + plan[place])]
                    pixels[line + e * LINES, row] = value
                for e in range(MORE):
                    p = int32(start + few + e * FEW)
                    value = ZERO
                    if p < end and column < columns:
                        value = gradient[uint32(target + plan[uint32(START + 3 * positions + p)])]
                    factors[few + e * FEW, thread % WIDE] = value
                cuda.syncthreads()
                k = 0
                while k < STEPS:
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
            item += parts

        for i in range(DOWN):
            cell = row0 + i // FOUR * NEXT_ROWS + below + i % FOUR
            if cell < cells:
                place = (cuda.blockIdx.z * cells + cell) * columns
                for j in range(ACROSS):
                    column = column0 + j // FOUR * NEXT_COLUMNS + beside + j % FOUR
                    if column < columns:
                        out[place + column] = sums[i, j]

    return kernel
