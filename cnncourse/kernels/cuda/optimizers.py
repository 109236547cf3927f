"""The optimizers' steps, in place: thread k updates parameter k."""

import math

import numpy as np

from ..contract import contracted
from .compiler import cuda, jit
from .launching import launch


@contracted
def sgd_step(parameter, gradient, learning_rate):
    """See ``reference.sgd_step``."""
    launch(_sgd_step, parameter.size, parameter.flat, gradient.flat, np.float32(learning_rate))


@jit
def _sgd_step(parameter, gradient, learning_rate):
    k = cuda.grid(1)
    if k < parameter.size:
        parameter[k] -= learning_rate * gradient[k]


@contracted
def momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    """See ``reference.momentum_step``."""
    arrays = parameter.flat, gradient.flat, velocity.flat
    launch(_momentum_step, parameter.size, *arrays, *map(np.float32, (learning_rate, momentum)))


@jit
def _momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    k = cuda.grid(1)
    if k < parameter.size:
        velocity[k] = momentum * velocity[k] - learning_rate * gradient[k]
        parameter[k] += velocity[k]


@contracted
def rmsprop_step(parameter, gradient, mean_square, learning_rate, rho, epsilon):
    """See ``reference.rmsprop_step``."""
    arrays = parameter.flat, gradient.flat, mean_square.flat
    rates = map(np.float32, (learning_rate, rho, 1 - rho, epsilon))
    launch(_rmsprop_step, parameter.size, *arrays, *rates)


@jit
def _rmsprop_step(parameter, gradient, mean_square, learning_rate, rho, rest, epsilon):
    """See ``reference.rmsprop_step``; ``rest``: 1 − ``rho``. All arrays flat, of one size."""
    k = cuda.grid(1)
    if k < parameter.size:
        mean_square[k] = rho * mean_square[k] + rest * gradient[k] * gradient[k]
        parameter[k] -= learning_rate * gradient[k] / math.sqrt(mean_square[k] + epsilon)


@contracted
def adam_step(parameter, gradient, mean, mean_square, learning_rate, beta_1, beta_2, epsilon, step):
    """See ``reference.adam_step``."""
    arrays = parameter.flat, gradient.flat, mean.flat, mean_square.flat
    rate = learning_rate * math.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    rates = map(np.float32, (rate, beta_1, 1 - beta_1, beta_2, 1 - beta_2, epsilon))
    launch(_adam_step, parameter.size, *arrays, *rates)


@jit
def _adam_step(
    parameter, gradient, mean, mean_square, rate, beta_1, rest_1, beta_2, rest_2, epsilon
):
    """See ``reference.adam_step``. All arrays flat, of one size.

    ``rate``: the learning rate, corrected for the zeros that both means start from; ``rest_1``,
    ``rest_2``: 1 − ``beta_1``, 1 − ``beta_2``.
    """
    k = cuda.grid(1)
    if k < parameter.size:
        # mean += rest · (gradient − mean) is shorter, but loses digits where they differ much
        mean[k] = beta_1 * mean[k] + rest_1 * gradient[k]
        mean_square[k] = beta_2 * mean_square[k] + rest_2 * gradient[k] * gradient[k]
        parameter[k] -= rate * mean[k] / (math.sqrt(mean_square[k]) + epsilon)
