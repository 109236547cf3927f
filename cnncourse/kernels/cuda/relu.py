"""ReLU and its gradient: thread k computes element k."""

import numpy as np

from ..contract import contracted
from .compiler import cuda, jit
from .launching import launch

ZERO = np.float32(0)


@contracted
def relu(x, out):
    """See ``reference.relu``."""
    launch(_relu, x.size, x.flat, out.flat)


@jit
def _relu(x, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = ZERO if x[k] < ZERO else x[k]  # this way round, NaN stays


@contracted
def relu_gradient(gradient, y, out):
    """See ``reference.relu_gradient``."""
    launch(_relu_gradient, y.size, gradient.flat, y.flat, out.flat)


@jit
def _relu_gradient(gradient, y, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = gradient[k] if y[k] > ZERO else ZERO
