"""Sigmoid and tanh, both by one exponential that the compiler can compute for a whole vector.

``math.tanh`` is a call into the C library, a value at a time. Here are a few multiplications
instead, without a branch, in float64 whatever the arrays' type: what they round away is far below
the digits of a float32.
"""

import numpy as np
from numba import prange

from ..compiled_code import jit
from ..contract import contracted
from .parallel.threads import parallel

LOG2 = np.log(2.0)
# LOG2 in two parts: the first has so few digits that its small multiples are exact
LOG2_HIGH = float(np.float32(LOG2))
LOG2_LOW = LOG2 - LOG2_HIGH
LEAST = -40.0  # exp(-40) is no part of 1 that a float64 could show
SERIES_TERMS = 13  # of exp(r) - 1
# how a float64 holds its exponent: so much more than it is, above so many bits of the fraction
EXPONENT_BIAS = 1023
FRACTION_BITS = 52


@jit
def _exp_less_1(x):
    """exp(x) − 1 for LEAST ≤ x ≤ 0, within a few roundings of itself also where x is tiny.

    With x = n·log 2 + r, where n is whole and r at most half of log 2 in size, exp(x) − 1 is
    2ⁿ·(exp(r) − 1) + (2ⁿ − 1). The series of exp(r) − 1 ends after 13 terms: the next one is
    1·10⁻¹⁷ of the first.
    """
    n = np.floor(x * (1.0 / LOG2) + 0.5)
    r = (x - n * LOG2_HIGH) - n * LOG2_LOW
    series = 1.0
    for k in range(SERIES_TERMS, 1, -1):
        series = 1.0 + series * (r * (1.0 / k))
    # a float64 that holds nothing but the exponent n is 2ⁿ
    bits = (np.int64(np.int32(n)) + EXPONENT_BIAS) << FRACTION_BITS
    power = np.int64(bits).view(np.float64)
    return power * (r * series) + (power - 1.0)


@jit
def _tanh_of(x):
    """tanh |x| = (1 − exp(−2|x|)) / (1 + exp(−2|x|)), and the sign of x."""
    twice = -2.0 * abs(np.float64(x))
    less = _exp_less_1(LEAST if twice < LEAST else twice)  # this way round, NaN stays
    return np.copysign(less / (2.0 + less), x)


@contracted
def sigmoid(x, out):
    """See ``reference.sigmoid``."""
    _sigmoid(x.reshape(-1), out.reshape(-1))


@parallel
def _sigmoid(x, out):
    for k in prange(len(x)):
        out[k] = 0.5 + 0.5 * _tanh_of(0.5 * np.float64(x[k]))


@contracted
def sigmoid_gradient(gradient, y, out):
    """See ``reference.sigmoid_gradient``."""
    _sigmoid_gradient(gradient.reshape(-1), y.reshape(-1), out.reshape(-1))


@parallel
def _sigmoid_gradient(gradient, y, out):
    for k in prange(len(y)):
        out[k] = gradient[k] * y[k] * (1 - y[k])


@contracted
def tanh(x, out):
    """See ``reference.tanh``."""
    _tanh(x.reshape(-1), out.reshape(-1))


@parallel
def _tanh(x, out):
    for k in prange(len(x)):
        out[k] = _tanh_of(x[k])


@contracted
def tanh_gradient(gradient, y, out):
    """See ``reference.tanh_gradient``."""
    _tanh_gradient(gradient.reshape(-1), y.reshape(-1), out.reshape(-1))


@parallel
def _tanh_gradient(gradient, y, out):
    for k in prange(len(y)):
        out[k] = gradient[k] * (1 - y[k] * y[k])
