"""Max pooling of a band of rows, and its backward pass, while the band lies in the cache.

Windows lie side by side, so that each pixel belongs to one. ``argmax`` remembers, for each value
that came out, the cell of its window that it came from (uint8, counted row by row), or
`BLOCKED_BY_RELU` where ReLU let nothing through: that is all the backward pass needs to know. Where
there will be no backward pass, it is `NO_ARGMAX`.

Channels are taken a vector at a time; those that do not fill one, one by one.
"""

import numpy as np
from numba.core import types

from ..compiled_code import jit
from ..contract import BLOCKED_BY_RELU
from .simd.compiled_apart import compiled_apart
from .simd.max_pooling import gradient_of_cell, pool
from .simd.vector_width import VECTOR_WIDTH

NO_POOLING = 1, 1  # the window of a pooling that does nothing
WINDOW = types.UniTuple(types.intp, 2)
NO_ARGMAX = np.empty((0, 0, 0, 0), np.uint8)  # where no argmax is wanted, or there is none


@compiled_apart(
    types.Array(types.float32, 1, "C", readonly=True), types.intp, WINDOW, types.boolean,
    *[types.intp] * 3, types.Array(types.float32, 4, "C"), types.Array(types.uint8, 4, "C"),
)  # fmt: skip
def pool_rows(pixels, width, window, relu, n, first, last, out, argmax):
    """Rows ``first`` to ``last`` of image ``n`` of ``out`` and ``argmax``, from a band of pixels.

    ``pixels``: flat float32; it begins with the first of these rows' pixels, and its rows have
    ``width`` pixels. ``window``: (rows, columns); ``relu``: whether ReLU follows the pooling;
    ``out``: (N, P, Q, C) float32; ``argmax``: the same shape, uint8, or `NO_ARGMAX`.
    """
    _, rows, columns, channels = out.shape
    results = out.reshape(-1)
    cells = argmax.reshape(-1)
    with_argmax = argmax.size > 0
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for i in range(first, last):
        for j in range(columns):
            corner = ((i - first) * window[0] * width + j * window[1]) * channels
            index = ((n * rows + i) * columns + j) * channels
            for c in range(0, whole, VECTOR_WIDTH):
                walk = (pixels, corner + c, width * channels, channels)
                pool(walk, window, relu, (results, index + c), (cells, index + c), with_argmax)
            for c in range(whole, channels):
                best = pixels[corner + c]
                best_cell = 0
                for cell in range(1, window[0] * window[1]):
                    skip = (cell // window[1] * width + cell % window[1]) * channels
                    value = pixels[corner + skip + c]
                    # "not (value <= best)" is also true when the value is NaN
                    if not (value <= best) and best == best:
                        best = value
                        best_cell = cell
                if relu and not (best > 0):
                    best_cell = BLOCKED_BY_RELU
                results[index + c] = 0 if relu and best < 0 else best  # NaN stays
                if with_argmax:
                    cells[index + c] = best_cell


@jit
def mark_rows(n, first, last, relu, out, argmax):
    """Rows ``first`` to ``last`` of image ``n`` of ``argmax``, where nothing was pooled.

    ``out`` has these rows already, after ReLU if ``relu``: only what is above 0 came through.
    """
    _, _, columns, channels = out.shape
    size = columns * channels  # values in a row
    begin = (n * out.shape[1] + first) * size
    end = begin + (last - first) * size
    results = out.reshape(-1)[begin:end]
    cells = argmax.reshape(-1)[begin:end]
    for k in range(len(results)):
        cells[k] = BLOCKED_BY_RELU if relu and not (results[k] > 0) else 0


@compiled_apart(
    types.Array(types.float32, 4, "C", readonly=True),
    types.Array(types.uint8, 4, "C", readonly=True),
    WINDOW, *[types.intp] * 4, types.Array(types.float32, 1, "C"),
)  # fmt: skip
def expand_rows(gradient, argmax, window, n, first, last, width, out):
    """The gradient of rows ``first`` to ``last`` of the pixels of image ``n``, into flat ``out``.

    Each value of ``gradient`` goes to the pixel that was the largest of its window; the others get
    0, and so do pixels beyond the last windows. ``gradient``: (N, P, Q, C) float32; ``argmax``: the
    same shape, uint8; ``window``: (rows, columns); ``out``: float32, rows of ``width`` pixels.
    """
    _, rows, columns, channels = gradient.shape
    values = gradient.reshape(-1)
    cells = argmax.reshape(-1)
    if window == NO_POOLING:  # then all pixels of a row are as one, of so many channels
        channels = columns * channels
        columns = width = 1
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    pixel = 0  # index in out
    for row in range(first, last):
        next_row = pixel + width * channels
        i = row // window[0]
        first_cell = row % window[0] * window[1]
        if i < rows:
            for j in range(columns):
                index = ((n * rows + i) * columns + j) * channels
                for cell in range(first_cell, first_cell + window[1]):
                    for c in range(0, whole, VECTOR_WIDTH):
                        gradient_of_cell(
                            (values, index + c), (cells, index + c), cell, (out, pixel + c)
                        )
                    for c in range(whole, channels):
                        out[pixel + c] = values[index + c] if cells[index + c] == cell else 0
                    pixel += channels
        out[pixel:next_row] = 0
        pixel = next_row
