"""Max pooling of a band of rows, and the way back, while the band lies in the cache.

Windows lie side by side, so that each pixel belongs to one. ``argmax`` remembers, for each number
that came out, the cell of its window that it came from, or `BLOCKED_BY_RELU` where ReLU stopped it: that is
all the way back needs to know. Where there will be no way back, it is `NO_ARGMAX`.

Channels are taken a vector at a time; those that do not fill one, one by one.
"""

import numpy as np
from numba import njit

from ..contract import BLOCKED_BY_RELU
from .simd.max_pooling import hand_back, pool
from .simd.vector_width import VECTOR_WIDTH

NO_POOLING = 1, 1  # the window of a pooling that does nothing
NO_ARGMAX = np.empty((0, 0, 0, 0), np.uint8)  # the argmax where none are kept


@njit(cache=True)
def pool_rows(pixels, width, window, relu, n, first, last, out, argmax):
    """Rows ``first`` to ``last`` of image ``n`` of ``out`` and ``argmax``, from a band of pixels.

    ``pixels`` is flat and begins with the first of these rows' pixels; its rows have ``width``
    pixels.
    """
    _, rows, columns, channels = out.shape
    results, cells, kept = out.reshape(-1), argmax.reshape(-1), argmax.size > 0
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for i in range(first, last):
        for j in range(columns):
            corner = ((i - first) * window[0] * width + j * window[1]) * channels
            place = ((n * rows + i) * columns + j) * channels
            for c in range(0, whole, VECTOR_WIDTH):
                walk = (pixels, corner + c, width * channels, channels)
                pool(walk, window, relu, (results, place + c), (cells, place + c), kept)
            for c in range(whole, channels):
                best, winner = pixels[corner + c], 0
                for cell in range(1, window[0] * window[1]):
                    skip = (cell // window[1] * width + cell % window[1]) * channels
                    value = pixels[corner + skip + c]
                    # "not (value <= best)" is also true when value is not a number
                    if not (value <= best) and best == best:
                        best, winner = value, cell
                if relu and not (best > 0):
                    winner = BLOCKED_BY_RELU
                results[place + c] = 0 if relu and best < 0 else best  # not-a-number stays
                if kept:
                    cells[place + c] = winner


@njit(cache=True)
def expand_rows(gradient, argmax, window, n, first, last, width, out):
    """The gradient of rows ``first`` to ``last`` of the pixels of image ``n``, into flat ``out``.

    Each number of ``gradient`` goes to the pixel that won; the others get 0, and so do pixels
    beyond the last windows. A row has ``width`` pixels.
    """
    _, rows, columns, channels = gradient.shape
    given, cells = gradient.reshape(-1), argmax.reshape(-1)
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    there = 0
    for row in range(first, last):
        i, u = row // window[0], row % window[0]
        if i >= rows:
            out[there : (last - first) * width * channels] = 0
            break
        for j in range(columns):
            place = ((n * rows + i) * columns + j) * channels
            for cell in range(u * window[1], (u + 1) * window[1]):
                for c in range(0, whole, VECTOR_WIDTH):
                    hand_back((given, place + c), (cells, place + c), cell, (out, there + c))
                for c in range(whole, channels):
                    out[there + c] = given[place + c] if cells[place + c] == cell else 0
                there += channels
        beyond = (width - columns * window[1]) * channels
        out[there : there + beyond] = 0
        there += beyond
