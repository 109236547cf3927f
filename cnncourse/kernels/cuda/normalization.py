"""Batch normalisation: sums over images and positions, channel by channel."""

import math

import numpy as np

from ..contract import contracted
from .column_sums import column_sums, sum_rows
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
    channels = mean.size
    rows = x.size // channels
    sum_rows(x.flat, rows, channels, rows, mean.flat)
    _squares(x.flat, x.flat, mean.flat, rows, channels, rows, variance.flat)


@device
def _square(x, _, means, row, column, columns):
    """The squared deviation of an element of ``x`` (rows, columns) from its column's mean."""
    deviation = x[row * columns + column] - means[column]
    return deviation * deviation


_squares = column_sums(_square)


@contracted
def batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """See ``reference.batch_norm``."""
    arrays = x.flat, mean.flat, variance.flat, gamma.flat, beta.flat
    launch(_batch_norm, x.size, *arrays, np.float32(epsilon), out.flat)


@jit
def _batch_norm(x, mean, variance, gamma, beta, epsilon, out):
    """Thread k computes element k of ``out`` (…, channels), flat; the other arrays (channels,)."""
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
    channels = mean.size
    rows = x.size // channels
    sums = empty((2, channels))
    # as one matrix of twice as many columns
    _gradient_sums(gradient.flat, x.flat, mean.flat, rows, 2 * channels, 1, sums.flat)
    arrays = gradient.flat, x.flat, mean.flat, variance.flat, gamma.flat, sums.flat
    results = out.flat, gamma_gradient.flat, beta_gradient.flat
    launch(_batch_norm_gradient, x.size, *arrays, np.float32(epsilon), np.float32(rows), *results)


@device
def _gradient_term(gradient, x, means, row, column, columns):
    """A term of `_batch_norm_gradient`'s ``sums``, with ``columns`` = 2 · channels.

    In the first half of the columns the gradient, in the second its product with x − mean.
    ``gradient`` and ``x`` (rows, channels), flat; ``means`` (channels,).
    """
    channels = means.size
    if column < channels:
        return gradient[row * channels + column]
    k = row * channels + column - channels
    return gradient[k] * (x[k] - means[column - channels])


_gradient_sums = column_sums(_gradient_term)


@jit
def _batch_norm_gradient(
    gradient, x, mean, variance, gamma, sums, epsilon, rows, out, gamma_gradient, beta_gradient
):
    """Thread k computes element k of ``out`` and, if there is one, of the other gradients.

    ``gradient``, ``x`` and ``out`` (…, channels), flat; ``sums`` (2, channels), flat: over images
    and positions, of the gradient and of its product with x − mean; ``rows``, float32: how many
    elements each is the sum of; the rest (channels,).
    """
    k = cuda.grid(1)
    channels = mean.size
    if k < out.size:
        c = k % channels
        scale = ONE / math.sqrt(variance[c] + epsilon)
        of_gamma = sums[channels + c] * scale  # the gradient of gamma
        # what reaches x through the mean and the variance
        through_moments = (sums[c] + (x[k] - mean[c]) * scale * of_gamma) / rows
        out[k] = gamma[c] * scale * (gradient[k] - through_moments)
        if k < channels:
            gamma_gradient[k] = of_gamma
            beta_gradient[k] = sums[k]


@contracted
def running_average(average, value, momentum):
    """See ``reference.running_average``."""
    weights = np.float32(momentum), np.float32(1 - momentum)
    launch(_running_average, average.size, average.flat, value.flat, *weights)


@jit
def _running_average(average, value, old, new):
    """``old`` and ``new``: the weights of the average and of the value, float32."""
    k = cuda.grid(1)
    if k < average.size:
        average[k] = old * average[k] + new * value[k]
