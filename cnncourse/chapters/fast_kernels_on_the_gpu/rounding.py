"""Why two correct results differ: sums in other orders, and products rounded once or twice."""

import numpy as np

from ...support.rounding import gamma
from ...timing.convolution import numpy_einsum


def one_by_one(numbers):
    """The float32 sum as a loop takes it: along the last axis, number by number.

    >>> one_by_one(np.ones(5, np.float32)).item()
    5.0
    """
    return np.cumsum(numbers, axis=-1, dtype=np.float32)[..., -1]


def in_pairs(numbers):
    """The float32 sum as a block of threads takes it, along the last axis: in pairs.

    The last axis must be a power of two long, or ``ValueError``.

    >>> in_pairs(np.ones(8, np.float32)).item()
    8.0
    """
    count = numbers.shape[-1]
    if count < 1 or count & (count - 1):
        raise ValueError(f"adding in pairs takes a power of two of numbers, got {count}")
    while count > 1:
        count //= 2
        numbers = numbers[..., :count] + numbers[..., count:]
    return numbers[..., 0]


def in_random_orders(numbers, times, seed=0):
    """The float32 sums of ``numbers`` in that many random orders: an array of ``times`` sums."""
    rng = np.random.default_rng(seed)
    return one_by_one(np.stack([rng.permutation(numbers) for _ in range(times)]))


def tolerance(x, kernel):
    """How far two correct float32 convolutions may lie apart, for each value of the result.

    Each is off from the exact sum by at most γ(n) · Σ |products|, with n the products of a sum; so
    two of them differ by at most twice as much.

    ``x``, ``kernel``: arrays as a rung takes them.

    >>> x, kernel = np.ones((1, 2, 2, 1), np.float32), np.ones((2, 2, 1, 1), np.float32)
    >>> print(f"{tolerance(x, kernel).item():.2e}")  # 2 · 4 · u · 4
    1.91e-06
    """
    # Σ |products|; its own rounding is far below the bound's slack
    size = numpy_einsum(abs(x), abs(kernel)).astype(float)
    return 2 * gamma(kernel[..., 0].size) * size
