"""Convolution with max pooling behind it, whose filters fill whole vectors: by `pooled_kernel`.

The same sums, biases and comparisons, in the same order, as where a band of positions is written
and pooled afterwards (``convolution.py``): so both give the same bits.
"""

from numba import prange

from .max_pooling_rows import NO_POOLING
from .parallel.bands import bands_of, padded_rows
from .parallel.slices import bounds
from .parallel.threads import parallel
from .patches import NARROW
from .simd.micro_kernel import TWO_VECTORS
from .simd.pooled_kernel import address_of_pooled_kernel, columns_of, pooled_kernel
from .simd.vector_width import BLOCK_VECTORS, VECTOR_WIDTH

LEAST_COLUMNS = 2  # windows of the pooling in a register block


def pooled_way(pool, geometry, channels, filters, by_taps):
    """What `convolve_and_pool` takes as ``way``; 0 for its function where it must not be called.

    The function's address, the vectors of filters in a register block, and its most columns.
    ``by_taps``: whether the convolution without pooling goes by `tap_kernel`.
    """
    another_order = by_taps and channels > 1  # its sums go tap by tap: they have other bits
    narrow = geometry.output[1] <= NARROW  # where windows are copied
    # no room for two windows: this would be no faster
    small = columns_of(*pool, BLOCK_VECTORS) < LEAST_COLUMNS
    if pool == NO_POOLING or filters % VECTOR_WIDTH or narrow or another_order or small:
        return 0, 0, 0
    vectors = 1 if filters % TWO_VECTORS else BLOCK_VECTORS
    return address_of_pooled_kernel(*pool, vectors), vectors, columns_of(*pool, vectors)


@parallel
def convolve_and_pool(x, kernel, bias, strides, before, pool, relu, tasks, way, out, argmax):
    """`convolve` where ``way``, of `pooled_way`, has a function.

    ``kernel``: (U, V, C, O); ``bias``: (O,), O in whole vectors; the others as in
    `convolve_widened`.
    """
    function, vectors, most = way
    window_height, window_width, channels, filters = kernel.shape
    images, rows, columns, _ = out.shape
    run = window_width * channels  # values in a row of the window
    across = strides[1] * channels
    reach = (columns * pool[1] - 1) * strides[1] + window_width  # pixels that a row sees
    weights = kernel.reshape(-1)
    results = out.reshape(-1)
    cells = argmax.reshape(-1)
    blocks = -(-columns // most)
    floats = pool[0] * strides[0] * x.shape[2] * channels + columns * filters  # for a row of out
    bands = bands_of(images, rows, floats, tasks)
    for band in prange(images * bands):
        n = band // bands
        first, last = bounds(band % bands, bands, rows)
        top = first * pool[0] * strides[0] - before[0]
        height = ((last - first) * pool[0] - 1) * strides[0] + window_height
        pixels, corner, row_size = padded_rows(x, n, top, height, -before[1], reach)
        down = strides[0] * row_size
        for o in range(0, filters, vectors * VECTOR_WIDTH):
            right = (weights, o, run * filters, filters)
            for p in range(first, last):
                for block in range(blocks):
                    q, end = bounds(block, blocks, columns)
                    window = corner + (p - first) * pool[0] * down + q * pool[1] * across
                    index = ((n * rows + p) * columns + q) * filters + o
                    pooled_kernel(
                        function, pool[0], pool[1], vectors, end - q, window_height, run, relu,
                        argmax.size > 0, (pixels, window, down, across, row_size, 1), right,
                        (bias, o), (results, index, filters), (cells, index, filters),
                    )  # fmt: skip
