"""Kernels that touch each number once: thread k does number k."""

import math

import numpy as np

from ..contract import kernel as contracted
from .compiler import cuda, jit
from .launching import launch

ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)


@contracted
def add_bias(x, bias, out):
    """See ``reference.add_bias``."""
    launch(_add_bias, x.size, x.flat, bias.flat, out.flat)


@jit
def _add_bias(x, bias, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = x[k] + bias[k % bias.size]


@contracted
def relu(x, out):
    """See ``reference.relu``."""
    launch(_relu, x.size, x.flat, out.flat)


@jit
def _relu(x, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = ZERO if x[k] < ZERO else x[k]  # this way round, not-a-number stays


@contracted
def relu_gradient(gradient, y, out):
    """See ``reference.relu_gradient``."""
    launch(_relu_gradient, y.size, gradient.flat, y.flat, out.flat)


@jit
def _relu_gradient(gradient, y, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = gradient[k] if y[k] > ZERO else ZERO


@contracted
def sigmoid(x, out):
    """See ``reference.sigmoid``."""
    launch(_sigmoid, x.size, x.flat, out.flat)


@jit
def _sigmoid(x, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = HALF + HALF * math.tanh(HALF * x[k])


@contracted
def sigmoid_gradient(gradient, y, out):
    """See ``reference.sigmoid_gradient``."""
    launch(_sigmoid_gradient, y.size, gradient.flat, y.flat, out.flat)


@jit
def _sigmoid_gradient(gradient, y, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = gradient[k] * y[k] * (ONE - y[k])


@contracted
def tanh(x, out):
    """See ``reference.tanh``."""
    launch(_tanh, x.size, x.flat, out.flat)


@jit
def _tanh(x, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = math.tanh(x[k])


@contracted
def tanh_gradient(gradient, y, out):
    """See ``reference.tanh_gradient``."""
    launch(_tanh_gradient, y.size, gradient.flat, y.flat, out.flat)


@jit
def _tanh_gradient(gradient, y, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = gradient[k] * (ONE - y[k] * y[k])
