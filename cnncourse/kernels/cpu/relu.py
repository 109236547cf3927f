"""ReLU reads and writes each value once: its speed is that of the memory."""

from numba import prange

from ..contract import contracted
from .parallel.threads import parallel


@contracted
def relu(x, out):
    """See ``reference.relu``."""
    _relu(x.reshape(-1), out.reshape(-1))


@parallel
def _relu(x, out):
    for k in prange(len(x)):
        out[k] = 0 if x[k] < 0 else x[k]  # this way round, NaN stays


@contracted
def relu_gradient(gradient, y, out):
    """See ``reference.relu_gradient``."""
    _relu_gradient(gradient.reshape(-1), y.reshape(-1), out.reshape(-1))


@parallel
def _relu_gradient(gradient, y, out):
    for k in prange(len(y)):
        out[k] = gradient[k] if y[k] > 0 else 0
