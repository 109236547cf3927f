"""Sigmoid, tanh and their gradients: thread k computes element k."""

import math

import numpy as np

from ..contract import contracted
from .compiler import cuda, jit
from .launching import launch

HALF = np.float32(0.5)
ONE = np.float32(1)


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
