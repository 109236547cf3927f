"""One convolution as loops, in the order in which the chapter improves them.

All of them write ``out[n, i, j, o] = Σ x[n, i + u, j + v, c] · kernel[u, v, c, o]``, the sum over
u, v and c. The arrays are contiguous and float32: ``x`` (images, height, width, channels),
``kernel`` (window height, window width, channels, filters), ``out`` (images, rows, columns,
filters). The loops trust the shapes, which ``rungs.py`` checks. They are plain Python: ``rungs.py``
runs the first as it is, and has numba compile them. (``over_lists`` is for Python alone: its
arguments are nested lists.)

``prange`` is ``range``, until somebody compiles the function with ``parallel=True``.
"""

import numpy as np
from numba import prange


def one_sum_at_a_time(x, kernel, out):
    """As the formula says it: each value of the output is one sum."""
    images, rows, columns, filters = out.shape
    window_height, window_width, channels, _ = kernel.shape
    for n in range(images):
        for i in range(rows):
            for j in range(columns):
                for o in range(filters):
                    total = np.float32(0)
                    for u in range(window_height):
                        for v in range(window_width):
                            for c in range(channels):
                                pixel = x[n, i + u, j + v, c]
                                total += pixel * kernel[u, v, c, o]
                    out[n, i, j, o] = total


def over_lists(x, kernel, out):
    """The same loops over nested lists, whose items Python reads faster than an array's."""
    for n in range(len(out)):
        for i in range(len(out[0])):
            for j in range(len(out[0][0])):
                for o in range(len(out[0][0][0])):
                    total = 0.0
                    for u, row in enumerate(kernel):
                        for v, weights in enumerate(row):
                            pixel = x[n][i + u][j + v]
                            for c in range(len(weights)):
                                total += pixel[c] * weights[c][o]
                    out[n][i][j][o] = total


def all_filters_together(x, kernel, out):
    """Filters innermost: all their sums grow together, pixel by pixel."""
    images, rows, columns, filters = out.shape
    window_height, window_width, channels, _ = kernel.shape
    for n in range(images):
        for i in range(rows):
            for j in range(columns):
                out[n, i, j] = 0
                for u in range(window_height):
                    for v in range(window_width):
                        for c in range(channels):
                            pixel = x[n, i + u, j + v, c]
                            for o in range(filters):
                                out[n, i, j, o] += pixel * kernel[u, v, c, o]


def four_steps_at_once(x, kernel, out):
    """Filters innermost; a sum is fetched and put back for four steps."""
    images, rows, columns, filters = out.shape
    window_height, window_width, channels, _ = kernel.shape
    run = window_width * channels  # values in a row of the window
    weights = kernel.reshape(window_height, run, filters)
    for row in prange(images * rows):
        n, i = row // rows, row % rows
        for j in range(columns):
            sums = out[n, i, j]
            sums[:] = 0
            first, last = j * channels, j * channels + run
            for u in range(window_height):
                pixels = x[n, i + u].reshape(-1)[first:last]
                w = weights[u]
                for k in range(0, run - 3, 4):
                    p, q = pixels[k], pixels[k + 1]
                    r, s = pixels[k + 2], pixels[k + 3]
                    for o in range(filters):
                        two = p * w[k, o] + q * w[k + 1, o]
                        sums[o] += two + r * w[k + 2, o] + s * w[k + 3, o]
                for k in range(run // 4 * 4, run):  # what is left
                    for o in range(filters):
                        sums[o] += pixels[k] * w[k, o]


def block_by_block(x, kernel, out, most_columns=14, most_filters=32):
    """The walk of the course's own kernel, one register block after another: slow, but the same."""
    images, rows, columns, filters = out.shape
    window_height, window_width, channels, _ = kernel.shape
    run = window_width * channels
    weights = kernel.reshape(window_height, run, filters)
    for n, i in np.ndindex(images, rows):
        for o in range(0, filters, most_filters):
            for j in range(0, columns, most_columns):
                block = out[n, i, j : j + most_columns, o : o + most_filters]
                sums = np.zeros_like(block)  # here in memory, there in registers
                starts = (j + np.arange(len(block))) * channels  # a column each
                for u in range(window_height):
                    pixels = x[n, i + u].reshape(-1)
                    for k in range(run):
                        vectors = weights[u, k, o : o + most_filters]
                        sums += pixels[starts + k, None] * vectors
                block[...] = sums
