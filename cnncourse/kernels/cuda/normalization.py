"""Batch normalisation: sums over images and positions, channel by channel."""

import math

import numpy as np

from ..contract import contracted
from .column_sums import sum_rows, summing
from .compiler import cuda, device, jit
from .device_arrays import empty
from .launching import launch

ONE = np.float32(1)


@contracted
def batch_moments(x, mean, variance):
    """See ``reference.batch_moments``.

    In two passes, mean first: the one-pass formula, mean of squares minus squared mean, loses all
    digits where the mean is large beside the deviations.
    """
    rows, channels = x.size // mean.size, mean.size
    sum_rows(x.flat, rows, channels, rows, mean.flat)
    _squares(x.flat, x.flat, mean.flat, rows, channels, rows, variance.flat)


@device
def _square(x, _, means, row, column, columns):
    apart = x[row * columns + column] - means[column]
    return apart * apart


_squares = summing(_square)


@contracted
def batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """See ``reference.batch_norm``."""
    arrays = x.flat, mean.flat, variance.flat, gamma.flat, beta.flat
    launch(_batch_norm, x.size, *arrays, np.float32(epsilon), out.flat)


@jit
def _batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    k = cuda.grid(1)
    if k < out.size:
        c = k % mean.size
        scale = gamma[c] / math.sqrt(variance[c] + epsilon)
        out[k] = (x[k] - mean[c]) * scale + beta[c]


@contracted
def batch_norm_gradient(
    gradient, x, mean, variance, gamma, epsilon, out, gamma_gradient, beta_gradient
):
    """See ``reference.batch_norm_gradient``."""
    rows, channels = x.size // mean.size, mean.size
    sums = empty((2, channels))
    # as one matrix of twice as many columns
    _gradient_sums(gradient.flat, x.flat, mean.flat, rows, 2 * channels, 1, sums.flat)
    arrays = gradient.flat, x.flat, mean.flat, variance.flat, gamma.flat, sums.flat
    results = out.flat, gamma_gradient.flat, beta_gradient.flat
    launch(_batch_norm_gradient, x.size, *arrays, np.float32(epsilon), np.float32(rows), *results)


@device
def _gradient_term(gradient, x, means, row, column, columns):
    """In the first half of the columns the gradient, in the second its part along x − mean."""
    channels = means.size
    if column < channels:
        return gradient[row * channels + column]
    k = row * channels + column - channels
    return gradient[k] * (x[k] - means[column - channels])


_gradient_sums = summing(_gradient_term)


@jit
def _batch_norm_gradient(
    gradient, x, mean, variance, gamma, sums, epsilon, rows, out, gamma_gradient, beta_gradient
):
    k = cuda.grid(1)
    channels = mean.size
    if k < out.size:
        c = k % channels
        scale = ONE / math.sqrt(variance[c] + epsilon)
        along = sums[channels + c] * scale  # the gradient of gamma
        taken = (sums[c] + (x[k] - mean[c]) * scale * along) / rows
        out[k] = gamma[c] * scale * (gradient[k] - taken)
        if k < channels:
            gamma_gradient[k] = along
            beta_gradient[k] = sums[k]


@contracted
def running_average(average, value, momentum):
    """See ``reference.running_average``."""
    shares = np.float32(momentum), np.float32(1 - momentum)
    launch(_running_average, average.size, average.flat, value.flat, *shares)


@jit
def _running_average(average, value, old, new):
    k = cuda.grid(1)
    if k < average.size:
        average[k] = old * average[k] + new * value[k]
