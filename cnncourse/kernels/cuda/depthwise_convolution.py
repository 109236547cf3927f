"""Depthwise convolution and its gradients: a thread for each element, neighbours side by side.

There is little to compute for each value that is read, so that memory decides how fast this is:
neighbouring threads take neighbouring channels (coalesced access), and what they read again, for
the next cells of the window, comes out of the cache.
"""

import numpy as np

from ..contract import contracted
from .column_sums import column_sums
from .compiler import cuda, device, jit
from .launching import launch_grid
from .pooling_windows import (
    CHANNELS,
    DILATION_DOWN,
    DILATION_RIGHT,
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
    grid_over,
    sizes_of,
)

ZERO = np.float32(0)


@contracted
def depthwise_conv2d(x, kernel, geometry, out):
    """See ``reference.depthwise_conv2d``."""
    images, rows, columns, channels, multiplier = out.shape
    sizes = sizes_of(geometry, channels)
    grid = grid_over((images, rows, columns, channels * multiplier))
    launch_grid(_forward, *grid, x.flat, kernel.flat, multiplier, sizes, out.flat)


@jit
def _forward(x, kernel, multiplier, sizes, out):
    """A thread for each element of ``out`` (N, I, J, C·M); all arrays flat.

    ``x`` (N, H, W, C), ``kernel`` (U, V, C·M); ``sizes``: as of `sizes_of`.
    """
    height, width, channels = sizes[HEIGHT], sizes[WIDTH], sizes[CHANNELS]
    rows, columns = sizes[OUT_HEIGHT], sizes[OUT_WIDTH]
    spread = channels * multiplier
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < columns * spread:
        n = cuda.blockIdx.x // rows
        i = cuda.blockIdx.x - n * rows
        j = k // spread
        m = k - j * spread
        top = i * sizes[STRIDE_DOWN] - sizes[PADDING_TOP]
        left = j * sizes[STRIDE_RIGHT] - sizes[PADDING_LEFT]
        total = ZERO
        for u in range(sizes[WINDOW_HEIGHT]):
            h = top + u * sizes[DILATION_DOWN]
            if h >= 0 and h < height:
                for v in range(sizes[WINDOW_WIDTH]):
                    w = left + v * sizes[DILATION_RIGHT]
                    if w >= 0 and w < width:
                        value = x[((n * height + h) * width + w) * channels + m // multiplier]
                        total += value * kernel[(u * sizes[WINDOW_WIDTH] + v) * spread + m]
        out[cuda.blockIdx.x * columns * spread + k] = total


@contracted
def depthwise_conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.depthwise_conv2d_input_gradient``."""
    sizes = sizes_of(geometry, out.shape[-1])
    multiplier = gradient.shape[-1]
    launch_grid(
        _input_gradient,
        *grid_over(out.shape),
        gradient.flat,
        kernel.flat,
        multiplier,
        sizes,
        out.flat,
    )


@jit
def _input_gradient(gradient, kernel, multiplier, sizes, out):
    """A thread for each element of ``out`` (N, H, W, C); all arrays flat.

    ``gradient`` (N, I, J, C·M), ``kernel`` (U, V, C·M); ``sizes``: as of `sizes_of`. Pixel h was
    seen by cell u of the window at position (h + before − u · dilation) / stride, if that is a
    whole number.
    """
    height, width, channels = sizes[HEIGHT], sizes[WIDTH], sizes[CHANNELS]
    rows, columns = sizes[OUT_HEIGHT], sizes[OUT_WIDTH]
    stride_down, stride_right = sizes[STRIDE_DOWN], sizes[STRIDE_RIGHT]
    spread = channels * multiplier
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < width * channels:
        n = cuda.blockIdx.x // height
        h = cuda.blockIdx.x - n * height
        w = k // channels
        c = k - w * channels
        total = ZERO
        for u in range(sizes[WINDOW_HEIGHT]):
            from_top = h + sizes[PADDING_TOP] - u * sizes[DILATION_DOWN]
            i = from_top // stride_down
            if from_top >= 0 and i * stride_down == from_top and i < rows:
                for v in range(sizes[WINDOW_WIDTH]):
                    from_left = w + sizes[PADDING_LEFT] - v * sizes[DILATION_RIGHT]
                    j = from_left // stride_right
                    if from_left >= 0 and j * stride_right == from_left and j < columns:
                        share = ((n * rows + i) * columns + j) * spread + c * multiplier
                        weight = (u * sizes[WINDOW_WIDTH] + v) * spread + c * multiplier
                        for m in range(multiplier):
                            total += gradient[share + m] * kernel[weight + m]
        out[cuda.blockIdx.x * width * channels + k] = total


@contracted
def depthwise_conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.depthwise_conv2d_kernel_gradient``."""
    images, rows, columns, channels, _ = gradient.shape
    sizes = sizes_of(geometry, channels)
    _sums(x.flat, gradient.flat, sizes, images * rows * columns, out.size, 1, out.flat)


@device
def _product(x, gradient, sizes, position, weight, weights):
    """What a weight's pixel adds to its gradient at one of all images' positions."""
    height, width, channels = sizes[HEIGHT], sizes[WIDTH], sizes[CHANNELS]
    rows, columns = sizes[OUT_HEIGHT], sizes[OUT_WIDTH]
    spread = weights // (sizes[WINDOW_HEIGHT] * sizes[WINDOW_WIDTH])
    cell = weight // spread
    m = weight - cell * spread
    u = cell // sizes[WINDOW_WIDTH]
    v = cell - u * sizes[WINDOW_WIDTH]
    row = position // columns
    j = position - row * columns
    n = row // rows
    h = (row - n * rows) * sizes[STRIDE_DOWN] - sizes[PADDING_TOP] + u * sizes[DILATION_DOWN]
    w = j * sizes[STRIDE_RIGHT] - sizes[PADDING_LEFT] + v * sizes[DILATION_RIGHT]
    product = ZERO
    if h >= 0 and h < height and w >= 0 and w < width:
        pixel = ((n * height + h) * width + w) * channels
        product = x[pixel + m // (spread // channels)] * gradient[position * spread + m]
    return product


_sums = column_sums(_product)
