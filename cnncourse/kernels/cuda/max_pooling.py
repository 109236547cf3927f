"""Max pooling, and its gradient."""

import numpy as np

from ..contract import contracted
from .compiler import cuda, jit
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
LOWEST = np.float32(-np.inf)


@contracted
def max_pool2d(x, geometry, out, argmax):
    """See ``reference.max_pool2d``."""
    sizes = sizes_of(geometry, x.shape[-1])
    launch_grid(_max_pool2d, *grid_over(out.shape), x.flat, sizes, out.flat, argmax.flat)


@jit
def _max_pool2d(x, sizes, out, argmax):
    """A thread for each element of ``out`` (N, I, J, C); all arrays flat.

    ``x`` (N, H, W, C); ``sizes``: as of `sizes_of`; ``argmax`` (N, I, J, C): which cell u · V + v
    of its window each maximum comes from.
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
        largest = LOWEST
        where = 0
        # only pixels of the image: padding is never the maximum
        for u in range(max(-top, 0), min(sizes[WINDOW_HEIGHT], height - top)):
            row = (n * height + top + u) * width
            for v in range(max(-left, 0), min(sizes[WINDOW_WIDTH], width - left)):
                value = x[(row + left + v) * channels + c]
                # "not (value <= largest)" is also true when value is NaN, which then stays
                if not (value <= largest) and largest == largest:
                    largest = value
                    where = u * sizes[WINDOW_WIDTH] + v
        index = cuda.blockIdx.x * columns * channels + k
        out[index] = largest
        argmax[index] = where


@contracted
def max_pool2d_gradient(gradient, argmax, geometry, out):
    """See ``reference.max_pool2d_gradient``."""
    sizes = sizes_of(geometry, out.shape[-1])
    launch_grid(
        _max_pool2d_gradient, *grid_over(out.shape), gradient.flat, argmax.flat, sizes, out.flat
    )


@jit
def _max_pool2d_gradient(gradient, argmax, sizes, out):
    """A thread for each element of ``out`` (N, H, W, C); all arrays flat.

    ``gradient`` and ``argmax`` (N, I, J, C): a pixel gets the gradients of the windows of which it
    is the maximum; ``sizes``: as of `sizes_of`.
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
        below = h + sizes[PADDING_TOP]  # in the padded image
        beside = w + sizes[PADDING_LEFT]
        first_i = first_window(h, sizes[PADDING_TOP], sizes[WINDOW_HEIGHT], stride_down)
        first_j = first_window(w, sizes[PADDING_LEFT], sizes[WINDOW_WIDTH], stride_right)
        total = ZERO
        for i in range(first_i, min(below // stride_down + 1, rows)):
            u = below - i * stride_down
            cell0 = u * sizes[WINDOW_WIDTH] + beside  # of window 0; v = beside − j · stride_right
            for j in range(first_j, min(beside // stride_right + 1, columns)):
                index = ((n * rows + i) * columns + j) * channels + c
                if argmax[index] == cell0 - j * stride_right:
                    total += gradient[index]
        out[cuda.blockIdx.x * width * channels + k] = total
