"""Convolution by plain compiled loops.

The innermost loop always runs over channels, which lie side by side in channels-last arrays: the
compiler turns it into vector instructions. The loops around it are ordered so that what the
innermost loop reads again stays in the first-level cache.
"""

import numpy as np
from numba import njit, prange

from ..contract import kernel as contracted
from .slices import SLICES, bounds


@contracted
def conv2d(x, kernel, geometry, out):
    """See ``reference.conv2d``."""
    _conv2d(x, kernel, geometry.strides, geometry.before, out)


@njit(parallel=True, cache=True)
def _conv2d(x, kernel, strides, before, out):
    images, height, width, channels = x.shape
    window_height, window_width, _, filters = kernel.shape
    _, rows, columns, _ = out.shape
    for row in prange(images * rows):  # one thread writes one row of one image's output
        n, i = row // rows, row % rows
        out[n, i] = 0
        for u in range(window_height):
            h = i * strides[0] + u - before[0]
            if 0 <= h < height:  # outside lie zeros, which add nothing
                for j in range(columns):
                    for v in range(window_width):
                        w = j * strides[1] + v - before[1]
                        if 0 <= w < width:
                            for c in range(channels):
                                pixel = x[n, h, w, c]
                                for o in range(filters):
                                    out[n, i, j, o] += pixel * kernel[u, v, c, o]


@contracted
def conv2d_input_gradient(gradient, kernel, geometry, out):
    """See ``reference.conv2d_input_gradient``."""
    swapped = np.ascontiguousarray(kernel.transpose(0, 1, 3, 2))  # (U, V, O, C): C innermost
    _conv2d_input_gradient(gradient, swapped, geometry.strides, geometry.before, out)


@njit(parallel=True, cache=True)
def _conv2d_input_gradient(gradient, kernel, strides, before, out):
    images, height, width, channels = out.shape
    window_height, window_width, filters, _ = kernel.shape
    _, rows, columns, _ = gradient.shape
    for row in prange(images * height):  # gathers: one thread writes one row of one image
        n, h = row // height, row % height
        out[n, h] = 0
        for u in range(window_height):
            i, rest = divmod(h + before[0] - u, strides[0])
            if rest == 0 and 0 <= i < rows:  # a window position whose row u lies on row h
                for w in range(width):
                    for v in range(window_width):
                        j, rest = divmod(w + before[1] - v, strides[1])
                        if rest == 0 and 0 <= j < columns:
                            for o in range(filters):
                                share = gradient[n, i, j, o]
                                for c in range(channels):
                                    out[n, h, w, c] += share * kernel[u, v, o, c]


@contracted
def conv2d_kernel_gradient(x, gradient, geometry, out):
    """See ``reference.conv2d_kernel_gradient``."""
    parts = np.zeros((SLICES, *out.shape), out.dtype)  # (slices, U, V, C, O)
    _conv2d_kernel_gradient(x, gradient, geometry.strides, geometry.before, parts)
    np.sum(parts, axis=0, out=out)


@njit(parallel=True, cache=True)
def _conv2d_kernel_gradient(x, gradient, strides, before, parts):
    images, height, width, channels = x.shape
    _, window_height, window_width, _, filters = parts.shape
    _, rows, columns, _ = gradient.shape
    for part in prange(SLICES):
        first, last = bounds(part, images)
        for n in range(first, last):
            for i in range(rows):
                for u in range(window_height):
                    h = i * strides[0] + u - before[0]
                    if 0 <= h < height:
                        for v in range(window_width):
                            for c in range(channels):
                                for j in range(columns):
                                    w = j * strides[1] + v - before[1]
                                    if 0 <= w < width:
                                        pixel = x[n, h, w, c]
                                        for o in range(filters):
                                            share = pixel * gradient[n, i, j, o]
                                            parts[part, u, v, c, o] += share
