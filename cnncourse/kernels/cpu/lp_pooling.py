"""Pooling by a norm of the window.

All channels of a window are computed side by side, in vectors. The usual norms, p = 1 and p = 2,
need no power function, which takes a hundred times as long as a multiplication.
"""

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .parallel.threads import parallel
from .parallel.windows import cells_on_image


@contracted
def lp_pool2d(x, p, geometry, out):
    """See ``reference.lp_pool2d``."""
    _lp_pool2d(x, x.dtype.type(p), geometry.window, geometry.strides, geometry.before, out)


@parallel
def _lp_pool2d(x, p, window, strides, before, out):
    """``x``: (N, H, W, C); ``out``: (N, I, J, C); ``p``: the norm's; all float32.

    ``window``, ``strides`` and ``before`` are the geometry's, each (along the height, along the
    width).
    """
    images, height, width, channels = x.shape
    _, rows, columns, _ = out.shape
    for row in prange(images * rows):
        n, i = row // rows, row % rows
        top = i * strides[0] - before[0]
        first_u, last_u = cells_on_image(top, window[0], height)
        total = np.empty(channels, x.dtype)
        for j in range(columns):
            left = j * strides[1] - before[1]
            first_v, last_v = cells_on_image(left, window[1], width)
            largest = out[n, i, j]  # (channels,), and in the end the norms
            largest[:] = 0
            for u in range(top + first_u, top + last_u):
                for v in range(left + first_v, left + last_v):
                    _enlarge(largest, x[n, u, v])
            total[:] = 0
            for u in range(top + first_u, top + last_u):
                for v in range(left + first_v, left + last_v):
                    _add_powers(total, x[n, u, v], largest, p)
            _take_roots(largest, total, p)


@jit
def _enlarge(largest, pixel):
    """``largest = max(largest, |pixel|)``, both (C,)."""
    for c in range(len(pixel)):
        size = abs(pixel[c])
        largest[c] = size if size > largest[c] else largest[c]


@jit(error_model="numpy")
def _add_powers(total, pixel, largest, p):
    """``total += (|pixel| / largest)^p``, all (C,): of large pixels, too, the powers are small."""
    for c in range(len(pixel)):
        # a window of zeros divides 0 by 1
        size = abs(pixel[c]) / (1 if largest[c] == 0 else largest[c])
        if p == 1:
            total[c] += size
        elif p == 2:
            total[c] += size * size
        else:
            total[c] += size**p


@jit(error_model="numpy")
def _take_roots(largest, total, p):
    """``largest · total^(1 / p)``, the norms, in place of ``largest``; both (C,)."""
    for c in range(len(total)):
        if p == 1:
            largest[c] *= total[c]
        elif p == 2:
            largest[c] *= np.sqrt(total[c])
        else:
            largest[c] *= total[c] ** (1 / p)


@contracted
def lp_pool2d_gradient(gradient, x, y, p, geometry, out):
    """See ``reference.lp_pool2d_gradient``."""
    _lp_pool2d_gradient(
        gradient, x, y, x.dtype.type(p), geometry.window, geometry.strides, geometry.before, out
    )


@parallel
def _lp_pool2d_gradient(gradient, x, y, p, window, strides, before, out):
    """``gradient`` and ``y``, the norms: (N, I, J, C); ``x`` and ``out``: (N, H, W, C).

    ``p``: the norm's; all are float32. ``window``, ``strides`` and ``before`` are the geometry's,
    each (along the height, along the width).
    """
    images, height, width, _ = x.shape
    _, rows, columns, _ = gradient.shape
    for n in prange(images):
        out[n] = 0
        for i in range(rows):
            top = i * strides[0] - before[0]
            first_u, last_u = cells_on_image(top, window[0], height)
            for j in range(columns):
                left = j * strides[1] - before[1]
                first_v, last_v = cells_on_image(left, window[1], width)
                for u in range(top + first_u, top + last_u):
                    for v in range(left + first_v, left + last_v):
                        _add_shares(out[n, u, v], x[n, u, v], y[n, i, j], gradient[n, i, j], p)


@jit(error_model="numpy")
def _add_shares(out, pixel, y, gradient, p):
    """Add to ``out`` the gradient times d y / d pixel = sign(pixel) · (|pixel| / y)^(p − 1).

    ``out``, ``pixel``, ``y`` and ``gradient``: (C,), one pixel and one position; ``p``: the norm's.
    """
    for c in range(len(pixel)):
        if p == 1:
            derivative = pixel.dtype.type(1)
        elif p == 2:
            derivative = abs(pixel[c]) / y[c]
        else:
            derivative = (abs(pixel[c]) / y[c]) ** (p - 1)
        share = np.copysign(derivative, pixel[c]) * gradient[c]
        out[c] += 0 if pixel[c] == 0 else share  # a window of zeros has y = 0
