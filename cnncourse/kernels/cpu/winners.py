"""Max pooling of a band of rows, and the way back, while the band lies in the cache.

Windows lie side by side, so that each pixel belongs to one. ``winners`` remembers, for each number
that came out, the cell of its window that it came from, or `NOBODY` where ReLU stopped it: that is
all the way back needs to know.
"""

import numpy as np
from numba import njit

NOBODY = 255  # no cell of a window has this number
ALONE = 1, 1  # the window of a pooling that does nothing
UNPOOLED = np.empty((0, 0, 0, 0), np.uint8)  # the winners where there is no pooling


@njit(cache=True)
def pool_rows(pixels, width, window, relu, n, first, last, out, winners):
    """Rows ``first`` to ``last`` of image ``n`` of ``out`` and ``winners``, from a band of pixels.

    ``pixels`` is flat and begins with the first of these rows' pixels; its rows have ``width``
    pixels.
    """
    _, _, columns, channels = out.shape
    for i in range(first, last):
        for j in range(columns):
            corner = ((i - first) * window[0] * width + j * window[1]) * channels
            best, winner = out[n, i, j], winners[n, i, j]
            values = pixels[corner : corner + channels]
            for c in range(channels):
                best[c], winner[c] = values[c], 0
            for cell in range(1, window[0] * window[1]):
                skip = (cell // window[1] * width + cell % window[1]) * channels
                values = pixels[corner + skip : corner + skip + channels]
                for c in range(channels):
                    value, so_far = values[c], best[c]
                    # "not (value <= so_far)" is also true when value is not a number
                    wins = (not (value <= so_far)) & (so_far == so_far)
                    best[c] = value if wins else so_far
                    winner[c] = cell if wins else winner[c]
            if relu:
                for c in range(channels):
                    value = best[c]
                    best[c] = 0 if value < 0 else value  # this way round, not-a-number stays
                    winner[c] = winner[c] if value > 0 else NOBODY


@njit(cache=True)
def expand_rows(gradient, winners, window, n, first, last, width, out):
    """The gradient of rows ``first`` to ``last`` of the pixels of image ``n``, into flat ``out``.

    Each number of ``gradient`` goes to the pixel that won; the others get 0, and so do pixels
    beyond the last windows. A row has ``width`` pixels.
    """
    _, rows, columns, channels = gradient.shape
    there = 0
    for row in range(first, last):
        i, u = row // window[0], row % window[0]
        if i >= rows:
            out[there : (last - first) * width * channels] = 0
            break
        for j in range(columns):
            given, winner = gradient[n, i, j], winners[n, i, j]
            for v in range(window[1]):
                pixel, cell = out[there : there + channels], u * window[1] + v
                for c in range(channels):
                    pixel[c] = given[c] if winner[c] == cell else 0
                there += channels
        beyond = (width - columns * window[1]) * channels
        out[there : there + beyond] = 0
        there += beyond
