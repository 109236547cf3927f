"""Max pooling, and its way back."""

import numpy as np

from ..contract import contracted
from .compiler import cuda, jit
from .pooling_windows import first_window, over, sizes

ZERO, LOWEST = np.float32(0), np.float32(-np.inf)


@contracted
def max_pool2d(x, geometry, out, argmax):
    """See ``reference.max_pool2d``."""
    lies = sizes(geometry, x.shape[-1])
    _max_pool2d[over(out.shape)](x.flat, lies, out.flat, argmax.flat)


@jit
def _max_pool2d(x, sizes, out, argmax):
    height, width, channels = sizes[0], sizes[1], sizes[10]
    rows, columns = sizes[8], sizes[9]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < columns * channels:
        n = cuda.blockIdx.x // rows
        top = (cuda.blockIdx.x - n * rows) * sizes[4] - sizes[6]
        j = k // channels
        left, c = j * sizes[5] - sizes[7], k - j * channels
        best, winner = LOWEST, 0
        for u in range(max(-top, 0), min(sizes[2], height - top)):  # padding never wins
            row = (n * height + top + u) * width
            for v in range(max(-left, 0), min(sizes[3], width - left)):
                value = x[(row + left + v) * channels + c]
                # "not (value <= best)" is also true when value is not a number
                if not (value <= best) and best == best:
                    best, winner = value, u * sizes[3] + v
        place = cuda.blockIdx.x * columns * channels + k
        out[place] = best
        argmax[place] = winner


@contracted
def max_pool2d_gradient(gradient, argmax, geometry, out):
    """See ``reference.max_pool2d_gradient``."""
    lies = sizes(geometry, out.shape[-1])
    _max_pool2d_gradient[over(out.shape)](gradient.flat, argmax.flat, lies, out.flat)


@jit
def _max_pool2d_gradient(gradient, argmax, sizes, out):
    height, width, channels = sizes[0], sizes[1], sizes[10]
    rows, columns = sizes[8], sizes[9]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < width * channels:
        n = cuda.blockIdx.x // height
        h = cuda.blockIdx.x - n * height
        w = k // channels
        c = k - w * channels
        first_i = first_window(h, sizes[6], sizes[2], sizes[4])
        first_j = first_window(w, sizes[7], sizes[3], sizes[5])
        total = ZERO
        for i in range(first_i, min((h + sizes[6]) // sizes[4] + 1, rows)):
            u = h + sizes[6] - i * sizes[4]
            for j in range(first_j, min((w + sizes[7]) // sizes[5] + 1, columns)):
                place = ((n * rows + i) * columns + j) * channels + c
                if argmax[place] == u * sizes[3] + w + sizes[7] - j * sizes[5]:
                    total += gradient[place]
        out[cuda.blockIdx.x * width * channels + k] = total
