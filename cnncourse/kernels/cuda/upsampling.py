"""Upsampling by repeated pixels, and its gradient.

Threads lie on the output as those of the pooling kernels do (``pooling_windows.py``), in the
backward pass on the small image's: each gathers what the copies of its pixel got.
"""

from functools import lru_cache

import numpy as np

from ..contract import contracted
from .compiler import cuda, jit
from .index_tables import table
from .launching import launch_grid
from .pooling_windows import grid_over

ZERO = np.float32(0)

# The indices of a kernel's ``sizes``; numba compiles them as constants.
HEIGHT, WIDTH, ROWS, COLUMNS, CHANNELS = range(5)


@lru_cache(maxsize=256)
def _sizes_of(large, small):
    """The sizes of (N, H, W, C) and (N, I, J, C), on the GPU: int32 (5,), in that order."""
    return table([*large[1:3], *small[1:]])


@contracted
def upsample2d(x, out):
    """See ``reference.upsample2d``."""
    sizes = _sizes_of(out.shape, x.shape)
    launch_grid(_upsample2d, *grid_over(out.shape), x.flat, sizes, out.flat)


@jit
def _upsample2d(x, sizes, out):
    """A thread for each element of ``out`` (N, H, W, C); all arrays flat.

    ``x`` (N, I, J, C); ``sizes``: as of `_sizes_of`.
    """
    height, width, channels = sizes[HEIGHT], sizes[WIDTH], sizes[CHANNELS]
    rows, columns = sizes[ROWS], sizes[COLUMNS]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < width * channels:
        n = cuda.blockIdx.x // height
        h = cuda.blockIdx.x - n * height
        w = k // channels
        i = h * rows // height
        j = w * columns // width
        pixel = (n * rows + i) * columns + j
        out[cuda.blockIdx.x * width * channels + k] = x[pixel * channels + k - w * channels]


@contracted
def upsample2d_gradient(gradient, out):
    """See ``reference.upsample2d_gradient``."""
    sizes = _sizes_of(gradient.shape, out.shape)
    launch_grid(_upsample2d_gradient, *grid_over(out.shape), gradient.flat, sizes, out.flat)


@jit
def _upsample2d_gradient(gradient, sizes, out):
    """A thread for each element of ``out`` (N, I, J, C); all arrays flat.

    ``gradient`` (N, H, W, C); ``sizes``: as of `_sizes_of`.
    """
    height, width, channels = sizes[HEIGHT], sizes[WIDTH], sizes[CHANNELS]
    rows, columns = sizes[ROWS], sizes[COLUMNS]
    k = cuda.blockIdx.y * cuda.blockDim.x + cuda.threadIdx.x
    if k < columns * channels:
        n = cuda.blockIdx.x // rows
        i = cuda.blockIdx.x - n * rows
        j = k // channels
        c = k - j * channels
        total = ZERO
        # pixel row h is a copy of row h · I // H
        for h in range(-(-i * height // rows), -(-(i + 1) * height // rows)):
            row = (n * height + h) * width
            for w in range(-(-j * width // columns), -(-(j + 1) * width // columns)):
                total += gradient[(row + w) * channels + c]
        out[cuda.blockIdx.x * columns * channels + k] = total
