"""Average pooling, plain and weighted, and its gradient."""

import numpy as np

from ..contract import contracted
from .compiler import cuda, device, jit
from .launching import launch_grid
from .pooling_windows import (
    CHANNELS,
    HEIGHT,
    OUT_HEIGHT,
    OUT_WIDTH,
    PADDING_LEFT,
    PADDING_TOP,
    STRIDE_DOWN,
    STRIDE_RIGHT,
    WIDTH,
    WINDOW_HEIGHT,
    WINDOW_WIDTH,
    first_window,
    grid_over,
    sizes_of,
)

ZERO = np.float32(0)


@device
def _weight_on_image(weights, sizes, top, left):
    """The sum of the weights of a window that lie on the image: padding does not count.

    ``weights`` (U, V), flat; ``sizes``: as of `sizes_of`; ``top``, ``left``: where the window
    begins, negative in the padding.
    """
    total = ZERO
    for u in range(max(-top, 0), min(sizes[WINDOW_HEIGHT], sizes[HEIGHT] - top)):
        for v in range(max(-left, 0), min(sizes[WINDOW_WIDTH], sizes[WIDTH] - left)):
            total += weights[u * sizes[WINDOW_WIDTH] + v]
    return total


@contracted
def average_pool2d(x, weights, geometry, out):
    """See ``reference.average_pool2d``."""
    sizes = sizes_of(geometry, x.shape[-1])
    launch_grid(_average_pool2d, *grid_over(out.shape), x.flat, weights.flat, sizes, out.flat)


@jit
def _average_pool2d(x, weights, sizes, out):
    """A thread for each element of ``out`` (N, I, J, C); all arrays flat.

    ``x`` (N, H, W, C), ``weights`` (U, V); ``sizes``: as of `sizes_of`.
    """
    height, width, channels = sizes[HEIGHT], sizes[WIDTH], sizes[CHANNELS]
    rows, columns = sizes[OUT_HEIGHT], sizes[OUT_WIDTH]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < columns * channels:
        n = cuda.blockIdx.x // rows
        i = cuda.blockIdx.x - n * rows
        j = k // channels
        c = k - j * channels
        top = i * sizes[STRIDE_DOWN] - sizes[PADDING_TOP]
        left = j * sizes[STRIDE_RIGHT] - sizes[PADDING_LEFT]
        total = ZERO
        for u in range(max(-top, 0), min(sizes[WINDOW_HEIGHT], height - top)):
            row = (n * height + top + u) * width
            for v in range(max(-left, 0), min(sizes[WINDOW_WIDTH], width - left)):
                total += weights[u * sizes[WINDOW_WIDTH] + v] * x[(row + left + v) * channels + c]
        weight = _weight_on_image(weights, sizes, top, left)
        out[cuda.blockIdx.x * columns * channels + k] = total / weight


@contracted
def average_pool2d_gradient(gradient, weights, geometry, out):
    """See ``reference.average_pool2d_gradient``."""
    sizes = sizes_of(geometry, out.shape[-1])
    launch_grid(
        _average_pool2d_gradient,
        *grid_over(out.shape),
        gradient.flat,
        weights.flat,
        sizes,
        out.flat,
    )


@jit
def _average_pool2d_gradient(gradient, weights, sizes, out):
    """A thread for each element of ``out`` (N, H, W, C); all arrays flat.

    ``gradient`` (N, I, J, C), ``weights`` (U, V); ``sizes``: as of `sizes_of`.
    """
    height, width, channels = sizes[HEIGHT], sizes[WIDTH], sizes[CHANNELS]
    rows, columns = sizes[OUT_HEIGHT], sizes[OUT_WIDTH]
    stride_down, stride_right = sizes[STRIDE_DOWN], sizes[STRIDE_RIGHT]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < width * channels:
        n = cuda.blockIdx.x // height
        h = cuda.blockIdx.x - n * height
        w = k // channels
        c = k - w * channels
        first_i = first_window(h, sizes[PADDING_TOP], sizes[WINDOW_HEIGHT], stride_down)
        first_j = first_window(w, sizes[PADDING_LEFT], sizes[WINDOW_WIDTH], stride_right)
        total = ZERO
        for i in range(first_i, min((h + sizes[PADDING_TOP]) // stride_down + 1, rows)):
            top = i * stride_down - sizes[PADDING_TOP]
            for j in range(first_j, min((w + sizes[PADDING_LEFT]) // stride_right + 1, columns)):
                left = j * stride_right - sizes[PADDING_LEFT]
                share = weights[(h - top) * sizes[WINDOW_WIDTH] + w - left]
                share /= _weight_on_image(weights, sizes, top, left)
                total += share * gradient[((n * rows + i) * columns + j) * channels + c]
        out[cuda.blockIdx.x * width * channels + k] = total
