"""The optimizers' steps, in place, and what clips gradients before them.

Each parameter's step is its own, so any thread may take it. A ``decay`` of 0 changes no bit.
"""

import math

import numpy as np
from numba import prange

from ..contract import contracted
from .parallel.slices import SLICES, bounds
from .parallel.threads import parallel


@contracted
def sum_of_squares(x, out):
    """See ``reference.sum_of_squares``."""
    parts = np.empty(SLICES)  # float64
    _sums_of_squares(x.reshape(-1), parts)
    out[0] = parts.sum()


@parallel
def _sums_of_squares(x, parts):
    for part in prange(len(parts)):
        begin, end = bounds(part, len(parts), len(x))
        total = 0.0
        for k in range(begin, end):
            total += np.float64(x[k]) * np.float64(x[k])
        parts[part] = total


@contracted
def scale(x, factor):
    """See ``reference.scale``."""
    _scale(x.reshape(-1), x.dtype.type(factor))


@parallel
def _scale(x, factor):
    for k in prange(len(x)):
        x[k] *= factor


@contracted
def clip(x, limit):
    """See ``reference.clip``."""
    _clip(x.reshape(-1), x.dtype.type(limit))


@parallel
def _clip(x, limit):
    for k in prange(len(x)):
        value = x[k]
        # so written that a NaN passes through
        if value > limit:
            value = limit
        if value < -limit:
            value = -limit
        x[k] = value


@contracted
def sgd_step(parameter, gradient, learning_rate, decay=0.0):
    """See ``reference.sgd_step``."""
    as_type = parameter.dtype.type
    _sgd_step(parameter.reshape(-1), gradient.reshape(-1), as_type(learning_rate), as_type(decay))


@parallel
def _sgd_step(parameter, gradient, learning_rate, decay):
    for k in prange(len(parameter)):
        parameter[k] -= learning_rate * gradient[k] + decay * parameter[k]


@contracted
def momentum_step(
    parameter, gradient, velocity, learning_rate, momentum, nesterov=False, decay=0.0
):
    """See ``reference.momentum_step``."""
    as_type = parameter.dtype.type
    take = _nesterov_step if nesterov else _momentum_step
    take(
        parameter.reshape(-1),
        gradient.reshape(-1),
        velocity.reshape(-1),
        as_type(learning_rate),
        as_type(momentum),
        as_type(decay),
    )


@parallel
def _momentum_step(parameter, gradient, velocity, learning_rate, momentum, decay):
    """Flat float32 arrays, and float32 numbers."""
    for k in prange(len(parameter)):
        velocity[k] = momentum * velocity[k] - learning_rate * gradient[k]
        parameter[k] += velocity[k] - decay * parameter[k]


@parallel
def _nesterov_step(parameter, gradient, velocity, learning_rate, momentum, decay):
    """Flat float32 arrays, and float32 numbers."""
    for k in prange(len(parameter)):
        velocity[k] = momentum * velocity[k] - learning_rate * gradient[k]
        ahead = momentum * velocity[k] - learning_rate * gradient[k]
        parameter[k] += ahead - decay * parameter[k]


@contracted
def rmsprop_step(parameter, gradient, mean_square, learning_rate, rho, epsilon, decay=0.0):
    """See ``reference.rmsprop_step``."""
    as_type = parameter.dtype.type
    _rmsprop_step(
        parameter.reshape(-1),
        gradient.reshape(-1),
        mean_square.reshape(-1),
        as_type(learning_rate),
        (as_type(rho), as_type(1 - rho)),
        as_type(epsilon),
        as_type(decay),
    )


@parallel
def _rmsprop_step(parameter, gradient, mean_square, learning_rate, shares, epsilon, decay):
    """Flat float32 arrays, and float32 numbers.

    ``shares``: (rho, 1 − rho), of the old mean square and of the new square.
    """
    for k in prange(len(parameter)):
        mean_square[k] = shares[0] * mean_square[k] + shares[1] * gradient[k] * gradient[k]
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
        as_type(decay),
    )


@parallel
def _adam_step(parameter, gradient, mean, mean_square, rate, shares_1, shares_2, epsilon, decay):
    """Flat float32 arrays, and float32 numbers.

    ``rate``: the learning rate, corrected for means that started at 0; ``shares_1`` and
    ``shares_2``: (beta, 1 − beta), of the old mean and of the new value, for both means.
    """
    # mean += share · (gradient − mean) is shorter, but loses digits where they differ much
    for k in prange(len(parameter)):
        mean[k] = shares_1[0] * mean[k] + shares_1[1] * gradient[k]
        mean_square[k] = shares_2[0] * mean_square[k] + shares_2[1] * gradient[k] * gradient[k]
        step = rate * mean[k] / (math.sqrt(mean_square[k]) + epsilon)
        parameter[k] -= step + decay * parameter[k]
