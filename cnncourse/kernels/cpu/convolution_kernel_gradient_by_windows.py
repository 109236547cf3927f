"""The gradient of a kernel whose windows have few values in a row: by `window_sums`.

So it is in a first layer, on one channel. A register block takes as many rows of the window as it
has room for. Filters must fill whole vectors.
"""

import numpy as np

from ..compiled_code import jit
from .simd.micro_kernel import TWO_VECTORS
from .simd.vector_width import BLOCK_SUMS, BLOCK_VECTORS, COLUMNS, VECTOR_WIDTH
from .simd.window_sums import address_of_window_sums, window_sums

NO_BLOCKS = 0, 0, np.empty(0, np.int64)


def blocks_of(kernel_shape):
    """The register blocks for a kernel of this shape; `NO_BLOCKS` where this is no way, or slower.

    So many vectors of filters; so many rows of the window, but in the last what is left; and each
    block's function, an array of addresses.
    """
    height, width, channels, filters = kernel_shape
    run = width * channels  # values in a row of the window
    if height == 1 or run > COLUMNS // 2 or filters % VECTOR_WIDTH:
        return NO_BLOCKS
    pairs = BLOCK_VECTORS * height * run <= BLOCK_SUMS and filters % TWO_VECTORS == 0
    vectors = BLOCK_VECTORS if pairs else 1
    together = min(BLOCK_SUMS // (vectors * run), height)
    heights = [min(together, height - u) for u in range(0, height, together)]
    return vectors, together, np.array([address_of_window_sums(h, run, vectors) for h in heights])


@jit
def add_by_windows(blocks, left, right, positions, shape, sums, first):
    """Add to a kernel's gradient what a band of ``positions``, (rows, columns), gives.

    ``blocks``: what `blocks_of` gives; ``left``: (flat array of pixels, the first position's first
    value, from one row of the window to the next, from position to position down and across);
    ``right``: (flat array of the gradient, its first value); ``shape``: the kernel's, (U, V, C, O);
    ``sums``: the flat array that holds the kernel's gradient from index ``first`` on.
    """
    vectors, together, functions = blocks
    pixels, corner, row_size, down, across = left
    shares, share = right
    height, width, channels, filters = shape
    run = width * channels
    rows, columns = positions
    for o in range(0, filters, vectors * VECTOR_WIDTH):
        for block in range(len(functions)):
            u = block * together
            window_sums(
                functions[block], min(together, height - u), run, vectors, rows, columns,
                (pixels, corner + u * row_size, row_size, down, across),
                (shares, share + o, columns * filters, filters),
                (sums, first + u * run * filters + o, run * filters, filters),
            )  # fmt: skip
