"""Batch normalisation: sums over images and positions, channel by channel."""

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .parallel.bands import rows_of_block
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.column_sums import add_gradient_sums, add_moments


@contracted
def batch_moments(x, mean, variance):
    """See ``reference.batch_moments``.

    In one pass, by the sums of the distances from the first row, and of their squares: the mean of
    the squares less the squared mean. Zero in place of the first row would lose all digits where
    the mean is large beside the deviations; but a value that is among M has a squared distance from
    the mean of at most M times the variance, so float64 keeps enough of them.
    """
    rows = x.reshape(-1, len(mean))
    parts = np.zeros((SLICES, 2, len(mean)))  # float64: many small terms
    _moment_sums(rows, rows[0], parts)
    distance, square = parts.sum(axis=0) / len(rows)
    mean[...] = rows[0] + distance
    variance[...] = np.maximum(square - distance * distance, 0)


@parallel
def _moment_sums(rows, shift, parts):
    """`add_moments` of each slice of the rows: ``parts`` (slices, 2, C) float64."""
    block = rows_of_block(rows.shape[1])
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for start in range(first, last, block):
            add_moments(parts[part], rows[start : min(start + block, last)], shift)


@contracted
def batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """See ``reference.batch_norm``."""
    scale = gamma / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    _batch_norm(x.reshape(-1, len(mean)), mean, scale, beta, out.reshape(-1, len(mean)))


@parallel
def _batch_norm(rows, mean, scale, beta, out):
    """`normalize_rows`, all rows by all threads."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        normalize_rows(rows[first:last], mean, scale, beta, out[first:last])


@jit(error_model="numpy")
def normalize_rows(rows, mean, scale, beta, out):
    """``out = (rows - mean) * scale + beta``: (rows, C), and (C,) for the last three."""
    for row in range(len(rows)):
        for c in range(rows.shape[1]):
            out[row, c] = (rows[row, c] - mean[c]) * scale[c] + beta[c]


@contracted
def batch_norm_gradient(
    gradient, x, mean, variance, gamma, epsilon, out, gamma_gradient, beta_gradient
):
    """See ``reference.batch_norm_gradient``."""
    gradients = gradient.reshape(-1, len(mean))
    rows = x.reshape(-1, len(mean))
    scale = 1 / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    parts = np.zeros((SLICES, 2, len(mean)))  # float64, as in batch_moments
    _gradient_sums(gradients, rows, mean, parts)
    terms = gradient_terms(parts, len(rows), scale, gamma_gradient, beta_gradient)
    _batch_norm_gradient(gradients, rows, mean, gamma * scale, *terms, out.reshape(rows.shape))


@parallel
def _gradient_sums(gradient, rows, mean, parts):
    """`add_gradient_sums` of each slice of the rows: ``parts`` (slices, 2, C) float64."""
    block = rows_of_block(2 * rows.shape[1])
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for start in range(first, last, block):
            stop = min(start + block, last)
            add_gradient_sums(parts[part], gradient[start:stop], rows[start:stop], mean)


def gradient_terms(parts, count, scale, gamma_gradient, beta_gradient):
    """The parameters' gradients from partial sums, and what they take from that of ``count`` rows.

    ``parts``: (slices, 2, C) float64, from `add_gradient_sums`; ``scale``: (C,), 1 / the standard
    deviation. Writes ``gamma_gradient`` and ``beta_gradient``, (C,) float32. Returns two terms,
    each (C,): what each row's gradient loses, and what it loses for each unit of distance from the
    mean.
    """
    beta_gradient[...], along = parts.sum(axis=0)
    gamma_gradient[...] = along * scale
    return beta_gradient / count, gamma_gradient * scale / count


@parallel
def _batch_norm_gradient(gradient, rows, mean, scale, beta_mean, gamma_mean, out):
    """`gradient_of_rows`, all rows by all threads."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        gradient_of_rows(
            gradient[first:last], rows[first:last], mean, scale, beta_mean, gamma_mean,
            out[first:last],
        )  # fmt: skip


@jit(error_model="numpy")
def gradient_of_rows(gradient, rows, mean, scale, beta_mean, gamma_mean, out):
    """The gradient of ``rows``: what is left when mean and variance move with them.

    ``gradient``, ``rows`` and ``out``: (rows, C); ``mean``, ``scale`` (gamma / the standard
    deviation) and the terms of `gradient_terms`, ``beta_mean`` and ``gamma_mean``: (C,); all
    float32.
    """
    for row in range(len(rows)):
        for c in range(rows.shape[1]):
            taken = beta_mean[c] + (rows[row, c] - mean[c]) * gamma_mean[c]
            out[row, c] = scale[c] * (gradient[row, c] - taken)


@contracted
def running_average(average, value, momentum):
    """See ``reference.running_average``. Too few values to be worth compiling."""
    average *= average.dtype.type(momentum)
    average += average.dtype.type(1 - momentum) * value
