"""Average pooling, plain and weighted, row by row.

Forward, each output is a sum over the cells of its window, in registers. Backward, a row of pixels
is a sum over the windows that hold it: one cell's share of all windows of a row is added in one go,
while the pixels lie in the nearest cache. So each number goes to memory once.
"""

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted, side_by_side
from .parallel.threads import parallel
from .parallel.windows import cells_on_image, windows_on_pixel, windows_with_cell
from .simd.average_pooling import add_scaled, weighted_means


@contracted
def average_pool2d(x, weights, geometry, out):
    """See ``reference.average_pool2d``."""
    _average_pool2d(x, weights, geometry.strides, geometry.before, out)


@parallel
def _average_pool2d(x, weights, strides, before, out):
    """``x``: (N, H, W, C); ``weights``: (U, V); ``out``: (N, I, J, C); all float32.

    ``strides`` and ``before`` are the geometry's, each (along the height, along the width).
    """
    images, height, width, channels = x.shape
    _, rows, columns, _ = out.shape
    totals = _totals(weights, strides, before, (height, width), (rows, columns))
    _, ends = _columns(weights.shape[1], strides[1], before[1], width, columns)
    pixels = x.reshape(-1)
    cells = weights.reshape(-1)
    results = out.reshape(-1)
    for row in prange(images * rows):
        n, i = row // rows, row % rows
        top = i * strides[0] - before[0]
        first_u, last_u = cells_on_image(top, weights.shape[0], height)
        j = 0
        while j < columns:
            left = j * strides[1] - before[1]
            first_v, last_v = cells_on_image(left, weights.shape[1], width)
            corner = ((n * height + top + first_u) * width + left + first_v) * channels
            weighted_means(
                ends[j] - j, channels,
                (pixels, corner, width * channels, channels, strides[1] * channels),
                (cells, first_u * weights.shape[1] + first_v, weights.shape[1]),
                (last_u - first_u, last_v - first_v), totals[i, j],
                (results, (row * columns + j) * channels),
            )  # fmt: skip
            j = ends[j]


@jit
def _totals(weights, strides, before, image, output):
    """Each window's sum of the weights that lie on the image: (I, J) float32.

    ``image`` and ``output``: (H, W) and (I, J).
    """
    totals = np.empty(output, weights.dtype)
    for i in range(output[0]):
        first_u, last_u = cells_on_image(i * strides[0] - before[0], weights.shape[0], image[0])
        for j in range(output[1]):
            left = j * strides[1] - before[1]
            first_v, last_v = cells_on_image(left, weights.shape[1], image[1])
            totals[i, j] = weights[first_u:last_u, first_v:last_v].sum()
    return totals


@jit
def _columns(cells, stride, before, width, columns):
    """What all rows have in common, along the width.

    For each of the windows' ``cells``, the first window that has it on the image, and after the
    last: (cells, 2). For each of the ``columns`` windows, up to where the others have the same
    cells on the image, all of them but for padding: (columns,).
    """
    spans = np.empty((cells, 2), np.int64)
    for v in range(cells):
        spans[v] = windows_with_cell(v - before, stride, width, columns)
    ends = np.empty(columns, np.int64)
    for j in range(columns - 1, -1, -1):
        here = cells_on_image(j * stride - before, cells, width)
        beyond = cells_on_image((j + 1) * stride - before, cells, width)
        ends[j] = ends[j + 1] if j + 1 < columns and here == beyond else j + 1
    return spans, ends


@contracted
def average_pool2d_gradient(gradient, weights, geometry, out):
    """See ``reference.average_pool2d_gradient``."""
    covered = tuple(i * s for i, s in zip(geometry.output, geometry.strides, strict=True))
    alone = side_by_side(geometry) and covered == geometry.image
    _average_pool2d_gradient(gradient, weights, geometry.strides, geometry.before, alone, out)


@parallel
def _average_pool2d_gradient(gradient, weights, strides, before, alone, out):
    """``gradient``: (N, I, J, C); ``weights``: (U, V); ``out``: (N, H, W, C); all float32.

    ``strides`` and ``before`` are the geometry's, each (along the height, along the width).
    ``alone``: whether each pixel belongs to one window.
    """
    images, height, width, channels = out.shape
    _, rows, columns, _ = gradient.shape
    totals = _totals(weights, strides, before, (height, width), (rows, columns))
    spans, ends = _columns(weights.shape[1], strides[1], before[1], width, columns)
    values = gradient.reshape(-1)
    results = out.reshape(-1)
    for row in prange(images * height):
        n, h = row // height, row % height
        first = row * width * channels
        sums = results[first : first + width * channels]
        if not alone:
            sums[:] = 0
        for i in range(*windows_on_pixel(h + before[0], weights.shape[0], strides[0], rows)):
            u = h + before[0] - i * strides[0]
            for v in range(weights.shape[1]):
                j, end = spans[v]
                while j < end:
                    last = min(ends[j], end)
                    w = j * strides[1] + v - before[1]
                    walk = values, ((n * rows + i) * columns + j) * channels
                    add_scaled(
                        last - j, channels, weights[u, v] / totals[i, j],
                        (*walk, channels), alone, (sums, w * channels, strides[1] * channels),
                    )  # fmt: skip
                    j = last
