"""Pooling by a norm of the window, and its gradient."""

import math

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
ONE = np.float32(1)


@contracted
def lp_pool2d(x, p, geometry, out):
    """See ``reference.lp_pool2d``."""
    sizes = sizes_of(geometry, x.shape[-1])
    powers = np.float32(p), np.float32(1 / p)
    launch_grid(_lp_pool2d, *grid_over(out.shape), x.flat, *powers, sizes, out.flat)


@jit
def _lp_pool2d(x, p, root, sizes, out):
    """A thread for each element of ``out`` (N, I, J, C); all arrays flat.

    ``x`` (N, H, W, C); ``root``: 1 / p; ``sizes``: as of `sizes_of`. A window's values are divided
    by the largest of them before they are raised to a power, which could overflow.
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
        first_u, last_u = max(-top, 0), min(sizes[WINDOW_HEIGHT], height - top)
        first_v, last_v = max(-left, 0), min(sizes[WINDOW_WIDTH], width - left)
        largest = ZERO
        for u in range(first_u, last_u):
            for v in range(first_v, last_v):
                index = ((n * height + top + u) * width + left + v) * channels + c
                largest = max(largest, abs(x[index]))
        safe = largest if largest > ZERO else ONE  # a window of zeros divides 0 by 1
        total = ZERO
        for u in range(first_u, last_u):
            for v in range(first_v, last_v):
                index = ((n * height + top + u) * width + left + v) * channels + c
                total += math.pow(abs(x[index]) / safe, p)
        out[cuda.blockIdx.x * columns * channels + k] = largest * math.pow(total, root)


@contracted
def lp_pool2d_gradient(gradient, x, y, p, geometry, out):
    """See ``reference.lp_pool2d_gradient``."""
    sizes = sizes_of(geometry, out.shape[-1])
    arrays = gradient.flat, x.flat, y.flat, np.float32(p - 1), sizes, out.flat
    launch_grid(_lp_pool2d_gradient, *grid_over(out.shape), *arrays)


@jit
def _lp_pool2d_gradient(gradient, x, y, power, sizes, out):
    """A thread for each element of ``out`` (N, H, W, C); all arrays flat.

    ``gradient`` and ``y``, the output (N, I, J, C); ``x`` (N, H, W, C); ``power``: p − 1;
    ``sizes``: as of `sizes_of`.
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
        pixel = x[cuda.blockIdx.x * width * channels + k]
        first_i = first_window(h, sizes[PADDING_TOP], sizes[WINDOW_HEIGHT], stride_down)
        first_j = first_window(w, sizes[PADDING_LEFT], sizes[WINDOW_WIDTH], stride_right)
        total = ZERO
        if pixel != ZERO:  # so that y > 0, too
            for i in range(first_i, min((h + sizes[PADDING_TOP]) // stride_down + 1, rows)):
                last_j = min((w + sizes[PADDING_LEFT]) // stride_right + 1, columns)
                for j in range(first_j, last_j):
                    index = ((n * rows + i) * columns + j) * channels + c
                    total += math.pow(abs(pixel) / y[index], power) * gradient[index]
        out[cuda.blockIdx.x * width * channels + k] = total if pixel > ZERO else -total
