"""Convolution, bias, ReLU and max pooling in one go: what lies between them stays in the cache."""

import numpy as np
from numba import prange

from ..contract import kernel as contracted
from .convolution import convolve
from .convolution_input_gradient import input_gradient
from .convolution_kernel_gradient import kernel_gradient
from .dense import dense_least
from .elementwise import bias_gradient
from .lane_sums import add_passed_rows
from .slices import SLICES, bounds
from .threads import parallel
from .tile import ANY, ZERO
from .winners import UNPOOLED


@contracted
def fused_conv2d(x, kernel, bias, geometry, pooling, relu, out, winners):
    """See ``contract``."""
    convolve(x, kernel, bias, geometry, pooling.window, relu, out, _kept(winners))


@contracted
def fused_conv2d_kernel_gradient(x, gradient, winners, geometry, pooling, out):
    """See ``contract``."""
    kernel_gradient(x, gradient, _kept(winners), geometry, pooling.window, out)


@contracted
def fused_conv2d_input_gradient(gradient, winners, kernel, geometry, pooling, out):
    """See ``contract``."""
    input_gradient(gradient, _kept(winners), kernel, geometry, pooling.window, out)


def _kept(winners):
    return UNPOOLED if winners is None else winners


@contracted
def fused_bias_gradient(gradient, winners, out):
    """See ``contract``."""
    if winners is None:
        bias_gradient(gradient, out)
        return
    parts = np.zeros((SLICES, len(out)))  # (slices, O) float64
    _bias_gradient(gradient.reshape(-1, len(out)), winners.reshape(-1, len(out)), parts)
    out[...] = parts.sum(axis=0)


@parallel
def _bias_gradient(gradient, winners, parts):
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(gradient))
        add_passed_rows(parts[part], gradient[first:last], winners[first:last])


@contracted
def fused_dense(x, kernel, bias, relu, out):
    """See ``contract``."""
    dense_least(x, kernel, bias, ZERO if relu else ANY, out)
