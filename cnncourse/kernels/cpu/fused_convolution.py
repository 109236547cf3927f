"""Convolution, bias, ReLU and max pooling in one go: what lies between them stays in the cache."""

import numpy as np
from numba import prange

from ..contract import contracted
from .bias import bias_gradient
from .convolution import convolve
from .convolution_input_gradient import input_gradient
from .convolution_kernel_gradient import kernel_gradient
from .max_pooling_rows import NO_ARGMAX
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.column_sums import add_passed_rows


@contracted
def fused_conv2d(x, kernel, bias, geometry, pooling, relu, out, argmax):
    """See ``contract``."""
    convolve(x, kernel, bias, geometry, pooling.window, relu, out, _kept(argmax))


@contracted
def fused_conv2d_kernel_gradient(x, gradient, argmax, geometry, pooling, out):
    """See ``contract``."""
    kernel_gradient(x, gradient, _kept(argmax), geometry, pooling.window, out)


@contracted
def fused_conv2d_input_gradient(gradient, argmax, kernel, geometry, pooling, out):
    """See ``contract``."""
    input_gradient(gradient, _kept(argmax), kernel, geometry, pooling.window, out)


def _kept(argmax):
    return NO_ARGMAX if argmax is None else argmax


@contracted
def fused_bias_gradient(gradient, argmax, out):
    """See ``contract``."""
    if argmax is None:
        bias_gradient(gradient, out)
        return
    parts = np.zeros((SLICES, len(out)))  # (slices, O) float64
    _bias_gradient(gradient.reshape(-1, len(out)), argmax.reshape(-1, len(out)), parts)
    out[...] = parts.sum(axis=0)


@parallel
def _bias_gradient(gradient, argmax, parts):
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(gradient))
        add_passed_rows(parts[part], gradient[first:last], argmax[first:last])
