"""Pooling by a norm of the window."""

import math

from numba import prange

from ..contract import kernel as contracted
from .threads import parallel
from .windows import cells_on_image


@contracted
def lp_pool2d(x, p, geometry, out):
    """See ``reference.lp_pool2d``."""
    _lp_pool2d(x, x.dtype.type(p), geometry.window, geometry.strides, geometry.before, out)


@parallel
def _lp_pool2d(x, p, window, strides, before, out):
    images, height, width, channels = x.shape
    _, rows, columns, _ = out.shape
    for row in prange(images * rows):
        n, i = row // rows, row % rows
        top = i * strides[0] - before[0]
        first_u, last_u = cells_on_image(top, window[0], height)
        for j in range(columns):
            left = j * strides[1] - before[1]
            first_v, last_v = cells_on_image(left, window[1], width)
            for c in range(channels):
                largest = x.dtype.type(0)
                for u in range(first_u, last_u):
                    for v in range(first_v, last_v):
                        largest = max(largest, abs(x[n, top + u, left + v, c]))
                total = x.dtype.type(0)
                for u in range(first_u, last_u):
                    for v in range(first_v, last_v):
                        # a window of zeros divides 0 by 1
                        size = abs(x[n, top + u, left + v, c]) / (largest if largest > 0 else 1)
                        total += size**p
                out[n, i, j, c] = largest * total ** (1 / p)


@contracted
def lp_pool2d_gradient(gradient, x, y, p, geometry, out):
    """See ``reference.lp_pool2d_gradient``."""
    _lp_pool2d_gradient(
        gradient, x, y, x.dtype.type(p), geometry.window, geometry.strides, geometry.before, out
    )


@parallel
def _lp_pool2d_gradient(gradient, x, y, p, window, strides, before, out):
    images, height, width, channels = x.shape
    _, rows, columns, _ = gradient.shape
    for n in prange(images):
        out[n] = 0
        for i in range(rows):
            top = i * strides[0] - before[0]
            first_u, last_u = cells_on_image(top, window[0], height)
            for j in range(columns):
                left = j * strides[1] - before[1]
                first_v, last_v = cells_on_image(left, window[1], width)
                for u in range(first_u, last_u):
                    for v in range(first_v, last_v):
                        for c in range(channels):
                            pixel = x[n, top + u, left + v, c]
                            if pixel != 0:  # so that y > 0, too
                                slope = (abs(pixel) / y[n, i, j, c]) ** (p - 1)
                                share = math.copysign(slope, pixel) * gradient[n, i, j, c]
                                out[n, top + u, left + v, c] += share
