"""The optimizers' steps, in place.

Each parameter's step is its own, so any thread may take it.
"""

import math

from numba import prange

from ..contract import contracted
from .parallel.threads import parallel


@contracted
def sgd_step(parameter, gradient, learning_rate):
    """See ``reference.sgd_step``."""
    as_type = parameter.dtype.type
    _sgd_step(parameter.reshape(-1), gradient.reshape(-1), as_type(learning_rate))


@parallel
def _sgd_step(parameter, gradient, learning_rate):
    for k in prange(len(parameter)):
        parameter[k] -= learning_rate * gradient[k]


@contracted
def momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    """See ``reference.momentum_step``."""
    as_type = parameter.dtype.type
    _momentum_step(
        parameter.reshape(-1),
        gradient.reshape(-1),
        velocity.reshape(-1),
        as_type(learning_rate),
        as_type(momentum),
    )


@parallel
def _momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    """Flat float32 arrays, and float32 numbers."""
    for k in prange(len(parameter)):
        velocity[k] = momentum * velocity[k] - learning_rate * gradient[k]
        parameter[k] += velocity[k]


@contracted
def rmsprop_step(parameter, gradient, mean_square, learning_rate, rho, epsilon):
    """See ``reference.rmsprop_step``."""
    as_type = parameter.dtype.type
    _rmsprop_step(
        parameter.reshape(-1),
        gradient.reshape(-1),
        mean_square.reshape(-1),
        as_type(learning_rate),
        (as_type(rho), as_type(1 - rho)),
        as_type(epsilon),
    )


@parallel
def _rmsprop_step(parameter, gradient, mean_square, learning_rate, shares, epsilon):
    """Flat float32 arrays, and float32 numbers.

    ``shares``: (rho, 1 − rho), of the old mean square and of the new square.
    """
    for k in prange(len(parameter)):
        mean_square[k] = shares[0] * mean_square[k] + shares[1] * gradient[k] * gradient[k]
        parameter[k] -= learning_rate * gradient[k] / math.sqrt(mean_square[k] + epsilon)


@contracted
def adam_step(parameter, gradient, mean, mean_square, learning_rate, beta_1, beta_2, epsilon, step):
    """See ``reference.adam_step``."""
    as_type = parameter.dtype.type
    rate = learning_rate * math.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    _adam_step(
        parameter.reshape(-1),
        gradient.reshape(-1),
        mean.reshape(-1),
        mean_square.reshape(-1),
        as_type(rate),
        (as_type(beta_1), as_type(1 - beta_1)),
        (as_type(beta_2), as_type(1 - beta_2)),
        as_type(epsilon),
    )


@parallel
def _adam_step(parameter, gradient, mean, mean_square, rate, shares_1, shares_2, epsilon):
    """Flat float32 arrays, and float32 numbers.

    ``rate``: the learning rate, corrected for means that started at 0; ``shares_1`` and
    ``shares_2``: (beta, 1 − beta), of the old mean and of the new value, for both means.
    """
    # mean += share · (gradient − mean) is shorter, but loses digits where they differ much
    for k in prange(len(parameter)):
        mean[k] = shares_1[0] * mean[k] + shares_1[1] * gradient[k]
        mean_square[k] = shares_2[0] * mean_square[k] + shares_2[1] * gradient[k] * gradient[k]
        parameter[k] -= rate * mean[k] / (math.sqrt(mean_square[k]) + epsilon)
