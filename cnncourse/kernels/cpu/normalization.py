"""Batch normalisation: sums over images and positions, channel by channel."""

import numpy as np
from numba import prange

from ..contract import kernel as contracted
from .slices import SLICES, bounds
from .threads import parallel


@contracted
def batch_moments(x, mean, variance):
    """See ``reference.batch_moments``.

    In two passes, mean first: the one-pass formula, mean of squares minus squared mean, loses all
    digits where the mean is large beside the deviations.
    """
    rows = x.reshape(-1, len(mean))
    parts = np.zeros((SLICES, len(mean)))  # (slices, C) float64: many small terms
    _sums(rows, parts)
    mean[...] = parts.sum(axis=0) / len(rows)
    parts[...] = 0
    _square_sums(rows, mean, parts)
    variance[...] = parts.sum(axis=0) / len(rows)


@parallel
def _sums(rows, parts):
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for row in range(first, last):
            for c in range(rows.shape[1]):
                parts[part, c] += rows[row, c]


@parallel
def _square_sums(rows, mean, parts):
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for row in range(first, last):
            for c in range(rows.shape[1]):
                apart = rows[row, c] - mean[c]
                parts[part, c] += apart * apart


@contracted
def batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """See ``reference.batch_norm``."""
    scale = gamma / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    _batch_norm(x.reshape(-1, len(mean)), mean, scale, beta, out.reshape(-1, len(mean)))


@parallel
def _batch_norm(rows, mean, scale, beta, out):
    for row in prange(len(rows)):
        for c in range(rows.shape[1]):
            out[row, c] = (rows[row, c] - mean[c]) * scale[c] + beta[c]


@contracted
def batch_norm_gradient(
    gradient, x, mean, variance, gamma, epsilon, out, gamma_gradient, beta_gradient
):
    """See ``reference.batch_norm_gradient``."""
    gradients, rows = gradient.reshape(-1, len(mean)), x.reshape(-1, len(mean))
    scale = 1 / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    parts = np.zeros((SLICES, 2, len(mean)))  # float64, as in batch_moments
    _gradient_sums(gradients, rows, mean, parts)
    beta_gradient[...], along = parts.sum(axis=0)
    gamma_gradient[...] = along * scale
    beta_mean, gamma_mean = beta_gradient / len(rows), gamma_gradient * scale / len(rows)
    outs = out.reshape(-1, len(mean))
    _batch_norm_gradient(gradients, rows, mean, gamma * scale, beta_mean, gamma_mean, outs)


@parallel
def _gradient_sums(gradient, rows, mean, parts):
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for row in range(first, last):
            for c in range(rows.shape[1]):
                parts[part, 0, c] += gradient[row, c]
                parts[part, 1, c] += gradient[row, c] * (rows[row, c] - mean[c])


@parallel
def _batch_norm_gradient(gradient, rows, mean, scale, beta_mean, gamma_mean, out):
    for row in prange(len(rows)):
        for c in range(rows.shape[1]):
            taken = beta_mean[c] + (rows[row, c] - mean[c]) * gamma_mean[c]
            out[row, c] = scale[c] * (gradient[row, c] - taken)


@contracted
def running_average(average, value, momentum):
    """See ``reference.running_average``; too few numbers to be worth compiling."""
    average *= average.dtype.type(momentum)
    average += average.dtype.type(1 - momentum) * value
