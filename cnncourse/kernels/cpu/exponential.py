"""The exponential of float32 numbers, made of what a vector of numbers can do at once.

``math.exp`` is a call into the C library, a value at a time. Here are a few multiplications and
additions instead, without a branch, so that the compiler computes as many as fit into a register.
With x = n·log 2 + r, where n is whole and r at most half of log 2 in size, exp(x) is 2ⁿ · exp(r).
"""

import numpy as np

from ..compiled_code import jit
from .simd.fma import fma

FLOAT = np.float32
ZERO, ONE = FLOAT(0), FLOAT(1)
LEAST = FLOAT(-126 * np.log(2.0))  # exp of less has no float32 with all its digits: it becomes 0
TURNS_IN_ONE = FLOAT(1 / np.log(2.0))
# log 2 in two parts: the first has so few digits that its small multiples are exact
LOG2_HIGH = FLOAT(0.693359375)
LOG2_LOW = FLOAT(np.log(2.0) - 0.693359375)
# A number of this size has no digits behind the point: adding it rounds to a whole number, which
# then stands in the last bits.
ROUNDER = FLOAT(1.5 * 2**23)
# how a float32 holds its exponent: so much more than it is, above so many bits of the fraction
EXPONENT_BIAS = 127
FRACTION_BITS = 23
POWER_OF_0 = EXPONENT_BIAS << FRACTION_BITS
# (exp(r) − 1 − r) / r² by the polynomial whose largest error, relative to exp(r) − 1, is the least:
# a twentieth of a rounding
SQUARE, CUBE, FOURTH, FIFTH, SIXTH, SEVENTH = map(
    FLOAT, (0.5, 0.16666667, 0.041666359, 0.0083333896, 0.0013940823, 0.00019845893)
)


@jit
def power_and_series(x):
    """2ⁿ, and exp(r) − 1, for a float32 x up to −`LEAST`, or for `LEAST` if it is below.

    So ``fma(power, series, power + y)`` is exp(x) + y, rounded once if power + y is exact. For NaN,
    the series is NaN.
    """
    x = LEAST if x < LEAST else x  # this way round, NaN stays
    rounded = fma(x, TURNS_IN_ONE, ROUNDER)
    n = rounded - ROUNDER
    high = fma(n, -LOG2_HIGH, x)  # exact
    low = n * -LOG2_LOW
    r = high + low
    square = r * r
    # in pairs: fewer steps that wait for each other
    series = fma(square, fma(r, SEVENTH, SIXTH), fma(r, FIFTH, FOURTH))
    series = fma(square, series, fma(r, CUBE, SQUARE))
    series = high + fma(square, series, low)
    # the bits of `ROUNDER` itself are shifted out
    bits = np.float32(rounded).view(np.int32) << FRACTION_BITS
    return np.int32(bits + POWER_OF_0).view(np.float32), series
