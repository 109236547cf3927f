"""Average pooling, plain and weighted."""

import numpy as np

from ..contract import contracted
from .compiler import cuda, device, jit
from .pooling_windows import first_window, over, sizes

ZERO = np.float32(0)


@device
def _weight_on_image(weights, sizes, top, left):
    """The sum of the weights of a window that lie on the image: padding does not count."""
    total = ZERO
    for u in range(max(-top, 0), min(sizes[2], sizes[0] - top)):
        for v in range(max(-left, 0), min(sizes[3], sizes[1] - left)):
            total += weights[u * sizes[3] + v]
    return total


@contracted
def average_pool2d(x, weights, geometry, out):
    """See ``reference.average_pool2d``."""
    lies = sizes(geometry, x.shape[-1])
    _average_pool2d[over(out.shape)](x.flat, weights.flat, lies, out.flat)


@jit
def _average_pool2d(x, weights, sizes, out):
    height, width, channels = sizes[0], sizes[1], sizes[10]
    rows, columns = sizes[8], sizes[9]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < columns * channels:
        n = cuda.blockIdx.x // rows
        top = (cuda.blockIdx.x - n * rows) * sizes[4] - sizes[6]
        j = k // channels
        left, c = j * sizes[5] - sizes[7], k - j * channels
        total = ZERO
        for u in range(max(-top, 0), min(sizes[2], height - top)):
            row = (n * height + top + u) * width
            for v in range(max(-left, 0), min(sizes[3], width - left)):
                total += weights[u * sizes[3] + v] * x[(row + left + v) * channels + c]
        weight = _weight_on_image(weights, sizes, top, left)
        out[cuda.blockIdx.x * columns * channels + k] = total / weight


@contracted
def average_pool2d_gradient(gradient, weights, geometry, out):
    """See ``reference.average_pool2d_gradient``."""
    lies = sizes(geometry, out.shape[-1])
    _average_pool2d_gradient[over(out.shape)](gradient.flat, weights.flat, lies, out.flat)


@jit
def _average_pool2d_gradient(gradient, weights, sizes, out):
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
            top = i * sizes[4] - sizes[6]
            for j in range(first_j, min((w + sizes[7]) // sizes[5] + 1, columns)):
                left = j * sizes[5] - sizes[7]
                share = weights[(h - top) * sizes[3] + w - left]
                share /= _weight_on_image(weights, sizes, top, left)
                total += share * gradient[((n * rows + i) * columns + j) * channels + c]
        out[cuda.blockIdx.x * width * channels + k] = total
