"""Upsampling by repeated pixels, and its gradient: the innermost loops run over channels."""

from numba import prange

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
        for w in range(width):
            j = w * columns // width
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
        # pixel row h is a copy of row h · I // H
        for h in range(-(-i * height // rows), -(-(i + 1) * height // rows)):
            for w in range(width):
                j = w * columns // width
                for c in range(channels):
                    out[n, i, j, c] += gradient[n, h, w, c]
