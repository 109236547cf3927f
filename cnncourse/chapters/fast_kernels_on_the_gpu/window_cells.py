"""The two matrices whose product a convolution is, without storing the first (*implicit GEMM*).

Row m of the first is what the window sees at position m of all images; column l is cell l of the
window, l = (u, v, c). The second has a row for each cell, and a column for each filter.
"""

import numpy as np

from ...kernels.cuda.compiler import device

ZERO = np.float32(0)


@device
def pixel(x, kernel, strides, before, out, m, cell):
    """What the window sees in a cell (u, v, c) when it is at position m of all images."""
    j = m % out.shape[2]
    i = m // out.shape[2] % out.shape[1]
    n = m // (out.shape[2] * out.shape[1])
    c = cell % kernel.shape[2]
    v = cell // kernel.shape[2] % kernel.shape[1]
    u = cell // (kernel.shape[2] * kernel.shape[1])
    h = i * strides[0] + u - before[0]
    w = j * strides[1] + v - before[1]
    value = ZERO
    if n < x.shape[0] and u < kernel.shape[0] and 0 <= h < x.shape[1] and 0 <= w < x.shape[2]:
        value = x[n, h, w, c]
    return value


@device
def weight(kernel, cell, o):
    """The weight of filter o in a cell (u, v, c) of the window."""
    c = cell % kernel.shape[2]
    v = cell // kernel.shape[2] % kernel.shape[1]
    u = cell // (kernel.shape[2] * kernel.shape[1])
    value = ZERO
    if u < kernel.shape[0] and o < kernel.shape[3]:
        value = kernel[u, v, c, o]
    return value


@device
def store(out, m, o, value):
    """Write ``value`` at position m of all images and filter o, if the output has that place."""
    j = m % out.shape[2]
    i = m // out.shape[2] % out.shape[1]
    n = m // (out.shape[2] * out.shape[1])
    if n < out.shape[0] and o < out.shape[3]:
        out[n, i, j, o] = value
