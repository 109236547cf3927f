"""The bound on a float32 sum of products: true of real sums, and hardly above the worst of them."""

from fractions import Fraction

import numpy as np

from cnncourse.support.rounding import UNIT_ROUNDOFF, gamma


def test_the_unit_roundoff_is_half_of_the_distance_from_one_to_the_next_float32():
    assert np.finfo(np.float32).eps / 2 == UNIT_ROUNDOFF


def test_no_sum_of_products_is_farther_off():
    rng = np.random.default_rng(0)
    for n in (1, 2, 10, 300):
        a, b = rng.standard_normal((2, n)).astype(np.float32)
        exact = [Fraction(float(x)) * Fraction(float(y)) for x, y in zip(a, b, strict=True)]
        total = np.cumsum(a * b)[-1]  # each product and each addition rounded to float32
        error = abs(Fraction(float(total)) - sum(exact))
        assert error <= gamma(n) * float(sum(map(abs, exact)))


def test_a_long_sum_can_come_near():
    """1, and then n terms of just half a unit in the last place: each addition rounds back to 1."""
    n = 1000
    terms = np.full(n, UNIT_ROUNDOFF, np.float32)
    total = np.cumsum(np.concatenate([[np.float32(1)], terms]), dtype=np.float32)[-1]
    assert total == 1
    assert 0.9 * gamma(n) < n * UNIT_ROUNDOFF / (1 + n * UNIT_ROUNDOFF) < gamma(n)
