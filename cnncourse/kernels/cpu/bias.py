"""The bias: one value added to each channel, and its gradient, a sum over all positions."""

import numpy as np
from numba import prange

from ..contract import contracted
from .max_pooling_rows import NO_ARGMAX
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.column_sums import add_rows


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
    sum_rows(gradient, NO_ARGMAX, out)


def sum_rows(gradient, argmax, out):
    """``out = Σ gradient``, (O,), over all axes but the last; what ReLU blocked as 0.

    ``gradient``: (…, O) float32; ``argmax``: the same shape, uint8, or `NO_ARGMAX`.
    """
    shape = -1, len(out)
    parts = np.zeros((SLICES, len(out)))  # (slices, O) float64
    _partial_sums(gradient.reshape(shape), argmax.reshape(shape), parts)
    out[...] = parts.sum(axis=0)


@parallel
def _partial_sums(rows, argmax, parts):
    """`add_rows` of each slice of the rows to ``parts[part]``: (slices, C) float64."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        add_rows(parts[part], rows, argmax, first, last)
