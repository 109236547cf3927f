"""Max pooling: row by row where windows lie side by side, else cell by cell."""

import numpy as np
from numba import prange

from ..contract import contracted, side_by_side
from .max_pooling_rows import expand_rows, pool_rows
from .parallel.threads import parallel


@contracted
def max_pool2d(x, geometry, out, argmax):
    """See ``reference.max_pool2d``."""
    if side_by_side(geometry) and argmax.dtype == np.uint8:
        _side_by_side(x, geometry.window, out, argmax)
    else:
        _max_pool2d(x, geometry.window, geometry.strides, geometry.before, out, argmax)


@parallel
def _side_by_side(x, window, out, argmax):
    """``x``: (N, H, W, C) float32; ``out`` and ``argmax``: (N, I, J, C), float32 and uint8."""
    images, height, width, channels = x.shape
    pixels = x.reshape(-1)
    for n in prange(images):
        image = pixels[n * height * width * channels :]
        pool_rows(image, width, window, False, n, 0, out.shape[1], out, argmax)


@parallel
def _max_pool2d(x, window, strides, before, out, argmax):
    """``x``: (N, H, W, C) float32; ``out`` and ``argmax``: (N, I, J, C), float32 and unsigned ints.

    ``window``, ``strides`` and ``before`` are the geometry's, each (along the height, along the
    width).
    """
    images, height, width, channels = x.shape
    _, rows, columns, _ = out.shape
    for row in prange(images * rows):
        n, i = row // rows, row % rows
        for j in range(columns):
            out[n, i, j] = -np.inf
            argmax[n, i, j] = 0
            for u in range(window[0]):
                h = i * strides[0] + u - before[0]
                for v in range(window[1]):
                    w = j * strides[1] + v - before[1]
                    if 0 <= h < height and 0 <= w < width:  # padding never wins
                        for c in range(channels):
                            best = out[n, i, j, c]
                            value = x[n, h, w, c]
                            # "not (value <= best)" is also true when the value is NaN
                            if not (value <= best) and best == best:
                                out[n, i, j, c] = value
                                argmax[n, i, j, c] = u * window[1] + v


@contracted
def max_pool2d_gradient(gradient, argmax, geometry, out):
    """See ``reference.max_pool2d_gradient``."""
    if side_by_side(geometry) and argmax.dtype == np.uint8:
        _side_by_side_gradient(gradient, argmax, geometry.window, out)
    else:
        _max_pool2d_gradient(
            gradient, argmax, geometry.window, geometry.strides, geometry.before, out
        )


@parallel
def _side_by_side_gradient(gradient, argmax, window, out):
    """``gradient``, ``argmax``: (N, I, J, C), float32 and uint8; ``out``: (N, H, W, C) float32."""
    images, height, width, channels = out.shape
    results = out.reshape(-1)
    for n in prange(images):
        image = results[n * height * width * channels :]
        expand_rows(gradient, argmax, window, n, 0, height, width, image)


@parallel
def _max_pool2d_gradient(gradient, argmax, window, strides, before, out):
    """``gradient`` and ``argmax``: (N, I, J, C), float32 and unsigned ints.

    ``out``: (N, H, W, C) float32; ``window``, ``strides`` and ``before`` are the geometry's, each
    (along the height, along the width).
    """
    images, rows, columns, channels = gradient.shape
    for n in prange(images):  # windows may overlap, so one thread writes a whole image
        out[n] = 0
        for i in range(rows):
            for j in range(columns):
                for c in range(channels):
                    u, v = divmod(argmax[n, i, j, c], window[1])
                    h = i * strides[0] + u - before[0]
                    w = j * strides[1] + v - before[1]
                    out[n, h, w, c] += gradient[n, i, j, c]
