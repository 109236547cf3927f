"""The optimizers' steps, in place, and what clips gradients before: thread k does element k."""

import math

import numpy as np

from ..contract import contracted
from .column_sums import COLUMNS, column_sums, sum_rows
from .compiler import cuda, device, jit
from .device_arrays import empty
from .launching import blocks, launch


@contracted
def sum_of_squares(x, out):
    """See ``reference.sum_of_squares``."""
    sums = empty((COLUMNS,)).flat  # of every so-many-th element, then of these sums
    _sums_of_squares(x.flat, x.flat, x.flat, blocks(x.size, COLUMNS), COLUMNS, 1, sums)
    sum_rows(sums, COLUMNS, 1, 1, out.flat)


@device
def _square(a, b, means, row, column, columns):
    """The square of an element of ``a``, flat; 0 in what its last row lacks."""
    k = row * columns + column
    return a[k] * a[k] if k < a.size else np.float32(0)


_sums_of_squares = column_sums(_square)


@contracted
def scale(x, factor):
    """See ``reference.scale``."""
    launch(_scale, x.size, x.flat, _rates(factor))


@jit
def _scale(x, factor):
    """``factor``: an array of one number."""
    k = cuda.grid(1)
    if k < x.size:
        x[k] *= factor[0]


@contracted
def clip(x, limit):
    """See ``reference.clip``."""
    launch(_clip, x.size, x.flat, np.float32(limit))


@jit
def _clip(x, limit):
    k = cuda.grid(1)
    if k < x.size:
        # so written that a NaN passes through
        if x[k] > limit:
            x[k] = limit
        if x[k] < -limit:
            x[k] = -limit


@contracted
def sgd_step(parameter, gradient, learning_rate, decay=0.0):
    """See ``reference.sgd_step``."""
    rates = _rates(learning_rate, decay)
    launch(_sgd_step, parameter.size, parameter.flat, gradient.flat, rates)


def _rates(*numbers):
    """Numbers that may change from step to step, for a launch."""
    return np.array(numbers, np.float32)


@jit
def _sgd_step(parameter, gradient, rates):
    """``rates``: learning rate and decay."""
    k = cuda.grid(1)
    if k < parameter.size:
        learning_rate, decay = rates[0], rates[1]
        parameter[k] -= learning_rate * gradient[k] + decay * parameter[k]


@contracted
def momentum_step(
    parameter, gradient, velocity, learning_rate, momentum, nesterov=False, decay=0.0
):
    """See ``reference.momentum_step``."""
    arrays = parameter.flat, gradient.flat, velocity.flat
    rates = _rates(learning_rate, momentum, decay)
    launch(_nesterov_step if nesterov else _momentum_step, parameter.size, *arrays, rates)


@jit
def _momentum_step(parameter, gradient, velocity, rates):
    """``rates``: learning rate, momentum and decay."""
    k = cuda.grid(1)
    if k < parameter.size:
        learning_rate, momentum, decay = rates[0], rates[1], rates[2]
        velocity[k] = momentum * velocity[k] - learning_rate * gradient[k]
        parameter[k] += velocity[k] - decay * parameter[k]


@jit
def _nesterov_step(parameter, gradient, velocity, rates):
    """``rates``: learning rate, momentum and decay."""
    k = cuda.grid(1)
    if k < parameter.size:
        learning_rate, momentum, decay = rates[0], rates[1], rates[2]
        velocity[k] = momentum * velocity[k] - learning_rate * gradient[k]
        ahead = momentum * velocity[k] - learning_rate * gradient[k]
        parameter[k] += ahead - decay * parameter[k]


@contracted
def rmsprop_step(parameter, gradient, mean_square, learning_rate, rho, epsilon, decay=0.0):
    """See ``reference.rmsprop_step``."""
    arrays = parameter.flat, gradient.flat, mean_square.flat
    rates = _rates(learning_rate, rho, 1 - rho, epsilon, decay)
    launch(_rmsprop_step, parameter.size, *arrays, rates)


@jit
def _rmsprop_step(parameter, gradient, mean_square, rates):
    """See ``reference.rmsprop_step``. All arrays flat, but for ``rates`` of one size.

    ``rates``: learning rate, ``rho``, 1 − ``rho``, epsilon and decay.
    """
    k = cuda.grid(1)
    if k < parameter.size:
        learning_rate, rho, rest, epsilon, decay = rates[0], rates[1], rates[2], rates[3], rates[4]
        mean_square[k] = rho * mean_square[k] + rest * gradient[k] * gradient[k]
        step = learning_rate * gradient[k] / math.sqrt(mean_square[k] + epsilon)
        parameter[k] -= step + decay * parameter[k]


@contracted
def adam_step(
    parameter,
    gradient,
    mean,
    mean_square,
    learning_rate,
    beta_1,
    beta_2,
    epsilon,
    step,
    decay=0.0,
):
    """See ``reference.adam_step``."""
    arrays = parameter.flat, gradient.flat, mean.flat, mean_square.flat
    rate = learning_rate * math.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    rates = _rates(rate, beta_1, 1 - beta_1, beta_2, 1 - beta_2, epsilon, decay)
    launch(_adam_step, parameter.size, *arrays, rates)


@jit
def _adam_step(parameter, gradient, mean, mean_square, rates):
    """See ``reference.adam_step``. All arrays flat, but for ``rates`` of one size.

    ``rates``: the learning rate, corrected for the zeros that both means start from; ``beta_1``,
    1 − ``beta_1``, ``beta_2``, 1 − ``beta_2``, epsilon and decay.
    """
    k = cuda.grid(1)
    if k < parameter.size:
        rate, epsilon, decay = rates[0], rates[5], rates[6]
        beta_1, rest_1, beta_2, rest_2 = rates[1], rates[2], rates[3], rates[4]
        # mean += rest · (gradient − mean) is shorter, but loses digits where they differ much
        mean[k] = beta_1 * mean[k] + rest_1 * gradient[k]
        mean_square[k] = beta_2 * mean_square[k] + rest_2 * gradient[k] * gradient[k]
        step = rate * mean[k] / (math.sqrt(mean_square[k]) + epsilon)
        parameter[k] -= step + decay * parameter[k]
