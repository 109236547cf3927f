"""Sigmoid and tanh of the CPU within two units in the last place, for numbers of every size."""

import numpy as np
import pytest

from cnncourse import kernels

CPU = kernels.get("cpu")
MOST = 2  # units in the last place; of all float32, the worst tanh is off by 1.98
DIGITS = 24  # of a float32, binary
LEAST_EXPONENT = -125  # as `frexp` gives it, of a float32 with all digits
LEAST_X = np.float32(-87.33655)  # sigmoid of less is below that


def sample():
    """Finite float32: every 10007th that there is, and the neighbours of what is handled apart.

    These are powers of 2, and the numbers where exp(x) or exp(2x) goes on to the next power of 2.
    """
    of_all = np.arange(0, 2**32, 10_007, dtype=np.int64)
    powers = np.arange(2**8) << (DIGITS - 1)
    turns = ((np.arange(400) + 0.5) * np.log(2.0) / 2).astype(np.float32)
    ends = np.array([-LEAST_X, -LEAST_X / 2], np.float32)
    edges = np.concatenate([powers, turns.view(np.int32), ends.view(np.int32)])
    near = (edges[:, None] + np.arange(-40, 41)).reshape(-1)
    near = near[near >= 0]
    bits = np.concatenate([of_all, near, near + 2**31]).astype(np.uint32)
    x = bits.view(np.float32)
    return x[np.isfinite(x)]


def exact(name, x):
    """In float64, without cancellation."""
    x = x.astype(float)
    if name == "tanh":
        return np.tanh(x)
    power = np.exp(-abs(x))
    return np.where(x < 0, power, 1) / (1 + power)


def result(name, x):
    out = np.full_like(x, np.nan)
    getattr(CPU, name)(x, out)
    return out


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_within_two_units_in_the_last_place(name):
    x = sample()
    got, expected = result(name, x), exact(name, x)
    gone = (name == "sigmoid") & (x < LEAST_X)
    assert not got[gone].any(), "what is too small for all digits is 0"
    exponent = np.maximum(np.frexp(expected)[1], LEAST_EXPONENT)
    units = abs(got - expected) / np.ldexp(1.0, exponent - DIGITS)
    units[gone] = 0
    worst = np.argmax(units)
    assert units[worst] <= MOST, f"{name}({x[worst]}) is off by {units[worst]:.2f} units"


def test_ends_signs_and_nan():
    x = np.array([-np.inf, -3e38, -0.0, 0.0, 1e-45, -1e-45, 3e38, np.inf], np.float32)
    tiny = np.float32(1e-45)
    np.testing.assert_array_equal(result("sigmoid", x), [0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1])
    got = result("tanh", x)
    np.testing.assert_array_equal(got, [-1, -1, 0, 0, tiny, -tiny, 1, 1])
    np.testing.assert_array_equal(np.signbit(got), np.signbit(x))
    # NaN of every kind: also those whose bits, taken for a number's, would hide it
    bits = np.array([0x7FC00000, 0xFFC00000, 0x7F800001, 0x7FC00001, 0x7FFFFFFF], np.uint32)
    for name in ("sigmoid", "tanh"):
        assert np.isnan(result(name, bits.view(np.float32))).all(), name


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_a_number_has_the_same_bits_wherever_it_lies(name):
    """Those at the end of a thread's share fill no vector, and are computed one by one."""
    x = (np.random.default_rng(0).standard_normal(67) * 5).astype(np.float32)
    alone = [result(name, x[k : k + 1].copy())[0] for k in range(len(x))]
    np.testing.assert_array_equal(result(name, x), alone)
