"""Batch normalisation: sums over images and positions, channel by channel."""

import numpy as np
from numba import prange

from ..contract import contracted
from .parallel.bands import rows_of_block
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel
from .simd.micro_kernel import NO_LEAST
from .simd.normalization_sums import add_gradient_sums, add_moments
from .simd.normalized_rows import gradient_of_rows, normalize_rows


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
            add_moments(parts[part], rows, start, min(start + block, last), shift)


@contracted
def batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """See ``reference.batch_norm``."""
    scale = gamma / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    shape = -1, len(mean)
    normalize(x.reshape(shape), mean, scale, beta, None, NO_LEAST, out.reshape(shape), None)


@parallel
def normalize(rows, mean, scale, beta, addend, least, out, argmax):
    """`normalize_rows`, all rows by all threads."""
    block = rows_of_block(3 * rows.shape[1])
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for start in range(first, last, block):
            stop = min(start + block, last)
            normalize_rows(rows, start, stop, mean, scale, beta, addend, least, out, argmax)


@contracted
def batch_norm_gradient(
    gradient, x, mean, variance, gamma, epsilon, out, gamma_gradient, beta_gradient
):
    """See ``reference.batch_norm_gradient``."""
    shape = -1, len(mean)
    rows_gradient(
        gradient.reshape(shape), None, x.reshape(shape), mean, variance, gamma, epsilon,
        out.reshape(shape), gamma_gradient, beta_gradient,
    )  # fmt: skip


def rows_gradient(
    gradient, argmax, rows, mean, variance, gamma, epsilon, out, gamma_gradient, beta_gradient
):
    """`batch_norm_gradient` of the gradient that ReLU let through.

    ``gradient``, ``rows`` and ``out``: (rows, C) float32; ``argmax``: (rows, C) uint8, or ``None``
    where there was no ReLU; the others as there.
    """
    scale = 1 / np.sqrt(variance + rows.dtype.type(epsilon))  # (C,)
    parts = np.zeros((SLICES, 2, len(mean)))  # float64: many small terms
    _gradient_sums(gradient, argmax, rows, mean, parts)
    terms = gradient_terms(parts, len(rows), scale, gamma_gradient, beta_gradient)
    _gradient(gradient, argmax, rows, mean, gamma * scale, *terms, out)


@parallel
def _gradient_sums(gradient, argmax, rows, mean, parts):
    """`add_gradient_sums` of each slice of the rows: ``parts`` (slices, 2, C) float64."""
    block = rows_of_block(2 * rows.shape[1])
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for start in range(first, last, block):
            stop = min(start + block, last)
            add_gradient_sums(parts[part], gradient, argmax, rows, start, stop, mean)


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
def _gradient(gradient, argmax, rows, mean, scale, beta_mean, gamma_mean, out):
    """`gradient_of_rows`, all rows by all threads."""
    block = rows_of_block(3 * rows.shape[1])
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        for start in range(first, last, block):
            stop = min(start + block, last)
            gradient_of_rows(
                gradient, argmax, rows, start, stop, mean, scale, beta_mean, gamma_mean, out
            )


@contracted
def running_average(average, value, momentum):
    """See ``reference.running_average``. Too few values to be worth compiling."""
    average *= average.dtype.type(momentum)
    average += average.dtype.type(1 - momentum) * value
