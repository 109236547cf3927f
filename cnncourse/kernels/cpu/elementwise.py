"""Kernels that touch each number once: their speed is that of the memory."""

import numpy as np
from numba import prange

from ..contract import kernel as contracted
from .lane_sums import partial_sums
from .slices import SLICES
from .threads import parallel


@contracted
def add_bias(x, bias, out):
    """See ``reference.add_bias``."""
    _add_bias(x.reshape(-1, len(bias)), bias, out.reshape(-1, len(bias)))


@parallel
def _add_bias(x, bias, out):
    for row in prange(len(x)):
        for o in range(len(bias)):
            out[row, o] = x[row, o] + bias[o]


@contracted
def bias_gradient(gradient, out):
    """See ``reference.bias_gradient``."""
    parts = np.zeros((SLICES, len(out)))  # (slices, O) float64
    partial_sums(gradient.reshape(-1, len(out)), parts)
    out[...] = parts.sum(axis=0)


@contracted
def relu(x, out):
    """See ``reference.relu``."""
    _relu(x.reshape(-1), out.reshape(-1))


@parallel
def _relu(x, out):
    for k in prange(len(x)):
        out[k] = 0 if x[k] < 0 else x[k]  # this way round, not-a-number stays


@contracted
def relu_gradient(gradient, y, out):
    """See ``reference.relu_gradient``."""
    _relu_gradient(gradient.reshape(-1), y.reshape(-1), out.reshape(-1))


@parallel
def _relu_gradient(gradient, y, out):
    for k in prange(len(y)):
        out[k] = gradient[k] if y[k] > 0 else 0
