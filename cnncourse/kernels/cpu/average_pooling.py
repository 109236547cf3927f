"""Average pooling, plain and weighted: the innermost loops run over channels."""

from numba import prange

from ..contract import contracted
from .parallel.threads import parallel
from .parallel.windows import cells_on_image


@contracted
def average_pool2d(x, weights, geometry, out):
    """See ``reference.average_pool2d``."""
    _average_pool2d(x, weights, geometry.strides, geometry.before, out)


@parallel
def _average_pool2d(x, weights, strides, before, out):
    """``x``: (N, H, W, C); ``weights``: (U, V); ``out``: (N, I, J, C); all float32.

    ``strides`` and ``before`` are the geometry's, each (along the height, along the width).
    """
    images, height, width, channels = x.shape
    _, rows, columns, _ = out.shape
    for row in prange(images * rows):
        n, i = row // rows, row % rows
        top = i * strides[0] - before[0]
        first_u, last_u = cells_on_image(top, weights.shape[0], height)
        for j in range(columns):
            left = j * strides[1] - before[1]
            first_v, last_v = cells_on_image(left, weights.shape[1], width)
            out[n, i, j] = 0
            for u in range(first_u, last_u):
                for v in range(first_v, last_v):
                    for c in range(channels):
                        out[n, i, j, c] += weights[u, v] * x[n, top + u, left + v, c]
            out[n, i, j] /= weights[first_u:last_u, first_v:last_v].sum()


@contracted
def average_pool2d_gradient(gradient, weights, geometry, out):
    """See ``reference.average_pool2d_gradient``."""
    _average_pool2d_gradient(gradient, weights, geometry.strides, geometry.before, out)


@parallel
def _average_pool2d_gradient(gradient, weights, strides, before, out):
    """``gradient``: (N, I, J, C); ``weights``: (U, V); ``out``: (N, H, W, C); all float32.

    ``strides`` and ``before`` are the geometry's, each (along the height, along the width).
    """
    images, height, width, channels = out.shape
    _, rows, columns, _ = gradient.shape
    for n in prange(images):
        out[n] = 0
        for i in range(rows):
            top = i * strides[0] - before[0]
            first_u, last_u = cells_on_image(top, weights.shape[0], height)
            for j in range(columns):
                left = j * strides[1] - before[1]
                first_v, last_v = cells_on_image(left, weights.shape[1], width)
                total = weights[first_u:last_u, first_v:last_v].sum()
                for u in range(first_u, last_u):
                    for v in range(first_v, last_v):
                        share = weights[u, v] / total
                        for c in range(channels):
                            out[n, top + u, left + v, c] += share * gradient[n, i, j, c]
