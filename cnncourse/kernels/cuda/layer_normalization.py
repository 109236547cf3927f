"""Layer normalisation: a position's channels are few, so a thread takes a whole position."""

import math

import numpy as np

from ..contract import contracted
from .column_sums import column_sums, sum_rows
from .compiler import cuda, device, jit
from .device_arrays import empty
from .launching import launch

ZERO = np.float32(0)
ONE = np.float32(1)


@contracted
def layer_norm(x, gamma, beta, epsilon, out):
    """See ``reference.layer_norm``."""
    arrays = x.flat, gamma.flat, beta.flat
    launch(_layer_norm, x.size // gamma.size, *arrays, *_numbers(gamma, epsilon), out.flat)


def _numbers(gamma, epsilon):
    """The count of channels, as float32: a divisor; and epsilon."""
    return np.float32(gamma.size), np.float32(epsilon)


@device
def _mean(x, start, stop, count):
    """The mean of ``x[start:stop]``, ``count`` values."""
    total = ZERO
    for k in range(start, stop):
        total += x[k]
    return total / count


@device
def _scale(x, start, stop, count, mean, epsilon):
    """1 / √(variance + epsilon) of ``x[start:stop]``, whose mean is given."""
    squares = ZERO
    for k in range(start, stop):
        squares += (x[k] - mean) * (x[k] - mean)
    return ONE / math.sqrt(squares / count + epsilon)


@jit
def _layer_norm(x, gamma, beta, count, epsilon, out):
    """A thread takes a position of ``x`` and ``out`` (positions, channels), flat."""
    channels = gamma.size
    start = cuda.grid(1) * channels
    stop = start + channels
    if start < out.size:
        mean = _mean(x, start, stop, count)
        scale = _scale(x, start, stop, count, mean, epsilon)
        for c in range(channels):
            out[start + c] = (x[start + c] - mean) * scale * gamma[c] + beta[c]


@contracted
def layer_norm_gradient(gradient, x, gamma, epsilon, out, gamma_gradient, beta_gradient):
    """See ``reference.layer_norm_gradient``."""
    channels = gamma.size
    rows = x.size // channels
    moments = empty((2, rows))
    arrays = gradient.flat, x.flat, gamma.flat
    numbers = _numbers(gamma, epsilon)
    launch(_layer_norm_gradient, rows, *arrays, *numbers, out.flat, moments.flat)
    sum_rows(gradient.flat, rows, channels, 1, beta_gradient.flat)
    _gamma_sums(gradient.flat, x.flat, moments.flat, rows, channels, 1, gamma_gradient.flat)


@jit
def _layer_norm_gradient(gradient, x, gamma, count, epsilon, out, moments):
    """A thread takes a position of ``gradient``, ``x`` and ``out`` (positions, channels), flat.

    ``moments`` (2, positions), flat, gets the means, then the scales.
    """
    row = cuda.grid(1)
    channels = gamma.size
    rows = moments.size // 2
    if row < rows:
        start = row * channels
        stop = start + channels
        mean = _mean(x, start, stop, count)
        scale = _scale(x, start, stop, count, mean, epsilon)
        moments[row] = mean
        moments[rows + row] = scale
        total = ZERO  # of g = gamma · gradient
        along = ZERO  # of g · normal
        for c in range(channels):
            g = gamma[c] * gradient[start + c]
            total += g
            along += g * (x[start + c] - mean) * scale
        for c in range(channels):
            normal = (x[start + c] - mean) * scale
            taken = (total + normal * along) / count
            out[start + c] = scale * (gamma[c] * gradient[start + c] - taken)


@device
def _gamma_term(gradient, x, moments, row, column, columns):
    """A term of gamma's gradient: the gradient times the normalised x."""
    k = row * columns + column
    return gradient[k] * (x[k] - moments[row]) * moments[moments.size // 2 + row]


_gamma_sums = column_sums(_gamma_term)
