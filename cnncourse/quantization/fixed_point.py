"""Multiplying by a real number with whole numbers alone.

    sum · factor ≈ (sum · multiplier + 2^(shift − 1)) >> shift

The multiplier has 31 bits, so the factor is off by less than 2⁻³⁰ of it; the sum has 32 bits and
the product 64. The half that is added before the shift rounds to the nearest, upwards if there are
two.

Source: Jacob et al., 2018, section 2.2.
"""

import numpy as np

BITS = 31
MOST_SHIFT = 62  # so that the half that is added keeps the sum within 64 bits


def fixed_point(factors):
    """Multipliers (int32) and shifts (uint8) for positive ``factors``, of the same shape.

    >>> fixed_point([0.5, 1.0])
    (array([1073741824, 1073741824], dtype=int32), array([31, 30], dtype=uint8))
    """
    mantissas, exponents = np.frexp(np.asarray(factors, np.float64))  # mantissas from 0.5 to 1
    shifts = np.clip(BITS - exponents, 1, MOST_SHIFT)
    # of a factor that is too large or too small for these shifts, what the 31 bits can hold
    multipliers = np.rint(np.ldexp(mantissas, exponents + shifts))
    full = multipliers == 2.0**BITS  # rounded up to one bit more
    multipliers = np.where(full & (shifts > 1), multipliers / 2, multipliers)
    shifts = np.where(full & (shifts > 1), shifts - 1, shifts)
    return np.minimum(multipliers, 2.0**BITS - 1).astype(np.int32), shifts.astype(np.uint8)


def common_fixed_point(factors):
    """The same with one shift for all ``factors``: multipliers of their shape, and the shift."""
    factors = np.asarray(factors, np.float64)
    _, shift = fixed_point(factors.max())
    multipliers = np.rint(np.ldexp(factors, int(shift)))
    return np.minimum(multipliers, 2.0**BITS - 1).astype(np.int32), int(shift)


def requantize(sums, multiplier, shift):
    """``sums`` (int64 with values of 32 bits) times the factor that stands behind the other two.

    >>> requantize(np.array([3, -3, 4]), *fixed_point(0.5))
    array([ 2, -1,  2])
    """
    shift = np.int64(shift)
    return (sums * np.int64(multiplier) + (np.int64(1) << (shift - 1))) >> shift
