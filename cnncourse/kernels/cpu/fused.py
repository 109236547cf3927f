"""Convolution, bias, ReLU and max pooling in one go: what lies between them stays in the cache."""

import numpy as np
from numba import prange

from ..contract import kernel as contracted
from .convolution import convolve
from .convolution_input_gradient import input_gradient
from .convolution_kernel_gradient import kernel_gradient
from .dense import dense_least
from .slices import SLICES, bounds
from .threads import parallel
from .tile import ANY
from .winners import NOBODY

ZERO = np.float32(0)


@contracted
def fused_conv2d(x, kernel, bias, geometry, pooling, relu, out, winners):
    """See ``contract``."""
    convolve(x, kernel, bias, geometry, pooling.window, relu, out, winners)


@contracted
def fused_conv2d_kernel_gradient(x, gradient, winners, geometry, pooling, out):
    """See ``contract``."""
    kernel_gradient(x, gradient, winners, geometry, pooling.window, out)


@contracted
def fused_conv2d_input_gradient(gradient, winners, kernel, geometry, pooling, out):
    """See ``contract``."""
    input_gradient(gradient, winners, kernel, geometry, pooling.window, out)


@contracted
def fused_bias_gradient(gradient, winners, out):
    """See ``contract``."""
    parts = np.zeros((SLICES, len(out)), out.dtype)
    _bias_gradient(gradient.reshape(-1, len(out)), winners.reshape(-1, len(out)), parts)
    np.sum(parts, axis=0, out=out)


@parallel
def _bias_gradient(gradient, winners, parts):
    for part in prange(SLICES):
        total = parts[part]
        for row in range(*bounds(part, SLICES, len(gradient))):
            for o in range(gradient.shape[1]):
                total[o] += gradient[row, o] if winners[row, o] != NOBODY else 0


@contracted
def fused_dense(x, kernel, bias, relu, out):
    """See ``contract``."""
    dense_least(x, kernel, bias, ZERO if relu else ANY, out)
