"""Upsampling by repeated pixels, and its gradient: the innermost loops run over channels."""

from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .parallel.threads import parallel


@contracted
def upsample2d(x, out):
    """See ``reference.upsample2d``."""
    _upsample2d(x, out)


@parallel
def _upsample2d(x, out):
    """``x``: (N, I, J, C); ``out``: (N, H, W, C); both float32."""
    images, height, width, channels = out.shape
    _, rows, columns, _ = x.shape
    for row in prange(images * height):
        n, h = row // height, row % height
        i = h * rows // height
        for j in range(columns):
            for w in range(*copies(j, columns, width)):
                for c in range(channels):
                    out[n, h, w, c] = x[n, i, j, c]


@contracted
def upsample2d_gradient(gradient, out):
    """See ``reference.upsample2d_gradient``."""
    _upsample2d_gradient(gradient, out)


@parallel
def _upsample2d_gradient(gradient, out):
    """``gradient``: (N, H, W, C); ``out``: (N, I, J, C); both float32."""
    images, rows, columns, channels = out.shape
    _, height, width, _ = gradient.shape
    for row in prange(images * rows):
        n, i = row // rows, row % rows
        out[n, i] = 0
        first, last = copies(i, rows, height)
        for j in range(columns):
            begin, end = copies(j, columns, width)
            for h in range(first, last):
                for w in range(begin, end):
                    for c in range(channels):
                        out[n, i, j, c] += gradient[n, h, w, c]


@jit
def copies(k, small, large):
    """The first copy of pixel ``k`` of a side, and the first of the next: h of h · small // large.

    A side of ``small`` pixels becomes one of ``large``.
    """
    return -(-k * large // small), -(-(k + 1) * large // small)
