"""Layer normalisation: each position by the mean and variance of its own channels.

A position's sums may be taken in any order (``fastmath``'s "reassoc", and nothing else of it): so
the compiler takes them a vector of channels at a time.
"""

import math

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.column_sums import ROWS


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


@jit(error_model="numpy", fastmath={"reassoc"})
def _moments(values, epsilon):
    """The mean of the ``values`` (C,), and 1 / √(their variance + epsilon), all float32."""
    count = np.float32(len(values))
    total = np.float32(0)
    for c in range(len(values)):
        total += values[c]
    mean = total / count
    squares = np.float32(0)
    for c in range(len(values)):
        squares += (values[c] - mean) * (values[c] - mean)
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


@jit(error_model="numpy", fastmath={"reassoc"})
def _gradient_of_rows(gradient, rows, gamma, epsilon, out, sums):
    """The gradient of ``rows``, and what they add to the ``sums``: of gamma's gradient, of beta's.

    ``gradient``, ``rows`` and ``out``: (rows, C); ``gamma``: (C,); all float32. ``sums``: (2, C)
    float64; they get `ROWS` rows at a time, added up as float32.
    """
    channels = len(gamma)
    few_gammas = np.zeros(channels, np.float32)
    few_betas = np.zeros(channels, np.float32)
    for row in range(len(rows)):
        values, shares, results = rows[row], gradient[row], out[row]  # (C,) each
        mean, scale = _moments(values, epsilon)
        total = np.float32(0)  # of g = gamma · gradient
        along = np.float32(0)  # of g · normal
        for c in range(channels):
            g = gamma[c] * shares[c]
            total += g
            along += g * ((values[c] - mean) * scale)
        total /= np.float32(channels)
        along /= np.float32(channels)
        for c in range(channels):
            taken = total + (values[c] - mean) * scale * along
            results[c] = scale * (gamma[c] * shares[c] - taken)
        for c in range(channels):
            few_gammas[c] += shares[c] * ((values[c] - mean) * scale)
            few_betas[c] += shares[c]
        if row % ROWS == ROWS - 1 or row == len(rows) - 1:
            for c in range(channels):
                sums[0, c] += few_gammas[c]
                sums[1, c] += few_betas[c]
            few_gammas[:] = 0
            few_betas[:] = 0
