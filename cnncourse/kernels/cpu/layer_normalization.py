"""Layer normalisation: each position by the mean and variance of its own channels."""

import math

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel


@contracted
def layer_norm(x, gamma, beta, epsilon, out):
    """See ``reference.layer_norm``."""
    shape = -1, len(gamma)
    _layer_norm(x.reshape(shape), gamma, beta, np.float32(epsilon), out.reshape(shape))


@parallel
def _layer_norm(rows, gamma, beta, epsilon, out):
    """Everything float32: ``rows`` and ``out`` (rows, C), ``gamma`` and ``beta`` (C,)."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for row in range(first, last):
            mean, scale = _moments(rows[row], epsilon)
            for c in range(len(gamma)):
                out[row, c] = (rows[row, c] - mean) * scale * gamma[c] + beta[c]


@jit(error_model="numpy")
def _moments(values, epsilon):
    """The mean of the ``values`` (C,), and 1 / √(their variance + epsilon), all float32."""
    count = np.float32(len(values))
    total = np.float32(0)
    for value in values:
        total += value
    mean = total / count
    squares = np.float32(0)
    for value in values:
        squares += (value - mean) * (value - mean)
    return mean, np.float32(1) / math.sqrt(squares / count + epsilon)


@contracted
def layer_norm_gradient(gradient, x, gamma, epsilon, out, gamma_gradient, beta_gradient):
    """See ``reference.layer_norm_gradient``."""
    shape = -1, len(gamma)
    parts = np.zeros((SLICES, 2, len(gamma)))  # float64: many small terms
    given = gradient.reshape(shape), x.reshape(shape), gamma, np.float32(epsilon)
    _layer_norm_gradient(*given, out.reshape(shape), parts)
    gamma_gradient[...], beta_gradient[...] = parts.sum(axis=0)


@parallel
def _layer_norm_gradient(gradient, rows, gamma, epsilon, out, parts):
    """`_gradient_of_rows`, all rows by all threads; ``parts`` (slices, 2, C) float64."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        _gradient_of_rows(
            gradient[first:last], rows[first:last], gamma, epsilon, out[first:last], parts[part]
        )


@jit(error_model="numpy")
def _gradient_of_rows(gradient, rows, gamma, epsilon, out, sums):
    """The gradient of ``rows``, and what they add to the ``sums``: of gamma's gradient, of beta's.

    ``gradient``, ``rows`` and ``out``: (rows, C); ``gamma``: (C,); all float32. ``sums``: (2, C)
    float64.
    """
    channels = len(gamma)
    for row in range(len(rows)):
        mean, scale = _moments(rows[row], epsilon)
        total = np.float32(0)  # of g = gamma · gradient
        along = np.float32(0)  # of g · normal
        for c in range(channels):
            normal = (rows[row, c] - mean) * scale
            g = gamma[c] * gradient[row, c]
            total += g
            along += g * normal
            sums[0, c] += gradient[row, c] * normal
            sums[1, c] += gradient[row, c]
        for c in range(channels):
            normal = (rows[row, c] - mean) * scale
            taken = (total + normal * along) / np.float32(channels)
            out[row, c] = scale * (gamma[c] * gradient[row, c] - taken)
