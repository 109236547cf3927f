"""Pooling by a norm of the window."""

import math

import numpy as np

from ..contract import contracted
from .compiler import cuda, jit
from .pooling_windows import first_window, over, sizes

ZERO, ONE = np.float32(0), np.float32(1)


@contracted
def lp_pool2d(x, p, geometry, out):
    """See ``reference.lp_pool2d``."""
    lies = sizes(geometry, x.shape[-1])
    powers = np.float32(p), np.float32(1 / p)
    _lp_pool2d[over(out.shape)](x.flat, *powers, lies, out.flat)


@jit
def _lp_pool2d(x, p, root, sizes, out):
    height, width, channels = sizes[0], sizes[1], sizes[10]
    rows, columns = sizes[8], sizes[9]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < columns * channels:
        n = cuda.blockIdx.x // rows
        top = (cuda.blockIdx.x - n * rows) * sizes[4] - sizes[6]
        j = k // channels
        left, c = j * sizes[5] - sizes[7], k - j * channels
        first_u, last_u = max(-top, 0), min(sizes[2], height - top)
        first_v, last_v = max(-left, 0), min(sizes[3], width - left)
        largest = ZERO
        for u in range(first_u, last_u):
            for v in range(first_v, last_v):
                place = ((n * height + top + u) * width + left + v) * channels + c
                largest = max(largest, abs(x[place]))
        safe = largest if largest > ZERO else ONE  # a window of zeros divides 0 by 1
        total = ZERO
        for u in range(first_u, last_u):
            for v in range(first_v, last_v):
                place = ((n * height + top + u) * width + left + v) * channels + c
                total += math.pow(abs(x[place]) / safe, p)
        out[cuda.blockIdx.x * columns * channels + k] = largest * math.pow(total, root)


@contracted
def lp_pool2d_gradient(gradient, x, y, p, geometry, out):
    """See ``reference.lp_pool2d_gradient``."""
    lies = sizes(geometry, out.shape[-1])
    arrays = gradient.flat, x.flat, y.flat, np.float32(p - 1), lies, out.flat
    _lp_pool2d_gradient[over(out.shape)](*arrays)


@jit
def _lp_pool2d_gradient(gradient, x, y, power, sizes, out):
    height, width, channels = sizes[0], sizes[1], sizes[10]
    rows, columns = sizes[8], sizes[9]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < width * channels:
        n = cuda.blockIdx.x // height
        h = cuda.blockIdx.x - n * height
        w = k // channels
        c = k - w * channels
        pixel = x[cuda.blockIdx.x * width * channels + k]
        first_i = first_window(h, sizes[6], sizes[2], sizes[4])
        first_j = first_window(w, sizes[7], sizes[3], sizes[5])
        total = ZERO
        if pixel != ZERO:  # so that y > 0, too
            for i in range(first_i, min((h + sizes[6]) // sizes[4] + 1, rows)):
                for j in range(first_j, min((w + sizes[7]) // sizes[5] + 1, columns)):
                    place = ((n * rows + i) * columns + j) * channels + c
                    total += math.pow(abs(pixel) / y[place], power) * gradient[place]
        out[cuda.blockIdx.x * width * channels + k] = total if pixel > ZERO else -total
