"""How fast a function is, with the first call apart; how much work it did; whether it is right."""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

from .. import kernels
from ..kernels.geometry import Geometry
from ..plots.roofline import three_digits


@dataclass(frozen=True)
class Timing:
    """How long the calls of a function took.

    >>> timing = Timing(first=0.5, seconds=0.002, calls=7, operations=4_000_000)
    >>> timing
    first call 500 ms, then 2.00 ms (median of 7 calls): 2.00 GF/s
    >>> timing.speed
    2.0
    """

    first: float  # seconds of the first call, which compiles what is not compiled yet
    seconds: float  # the median of the calls after it
    calls: int  # after the first
    operations: int  # in one call

    @property
    def speed(self):
        """Billions of operations a second, GF/s, without the first call."""
        return self.operations / self.seconds / 1e9

    def __repr__(self):
        calls = f"median of {self.calls} calls" if self.calls > 1 else "one call"
        return (
            f"first call {duration(self.first)}, then {duration(self.seconds)} ({calls}): "
            f"{three_digits(self.speed)} GF/s"
        )


def measure(function, *arguments, operations, budget=0.5):
    """Call ``function`` once, then again and again for ``budget`` seconds, at least three times.

    Numba compiles a function when it is first called with a new type of argument: the first call
    tells how long that took, the others how fast the result is. The median is hardly moved by what
    else the computer does meanwhile; a mean would be.

    Arguments: the function's ``arguments``; ``operations``: how many of them a call does;
    ``budget``: seconds to spend. Returns a `Timing`.

    >>> measure(sorted, range(1000), operations=1000, budget=0).calls
    3
    """
    first = _seconds(function, arguments)
    later = []
    end = perf_counter() + budget
    while len(later) < 3 or perf_counter() < end:
        later.append(_seconds(function, arguments))
    return Timing(first, median(later), len(later), operations)


def _seconds(function, arguments):
    start = perf_counter()
    function(*arguments)
    return perf_counter() - start


def duration(seconds):
    """Seconds as people write them, with three digits.

    >>> duration(0.0123), duration(123.4), duration(4.5e-6)
    ('12.3 ms', '123 s', '4.50 µs')
    """
    for unit, size in ("s", 1), ("ms", 1e-3), ("µs", 1e-6):
        if seconds >= 0.9995 * size:  # not 1000 of the next smaller unit
            return f"{three_digits(seconds / size)} {unit}"
    return f"{three_digits(seconds / 1e-9)} ns"


def operations(x, kernel):
    """Operations of one convolution: 2, a multiplication and an addition, for each product.

    Arguments: the arrays of a rung; only their shapes count.

    >>> operations(np.zeros((1, 3, 3, 1)), np.zeros((2, 2, 1, 5)))  # 2 · (2·2·5) · (2·2·1)
    160
    """
    images, height, width, _ = x.shape
    window_height, window_width, _, _ = kernel.shape
    positions = (height - window_height + 1) * (width - window_width + 1)
    return 2 * images * positions * kernel.size


def traffic(x, kernel):
    """The fewest bytes that must move: images and kernel are read once, the output written once.

    Arguments: the arrays of a rung, float32; only their shapes count.

    >>> traffic(np.zeros((1, 3, 3, 1)), np.zeros((2, 2, 1, 5)))  # 4 · (3·3 + 2·2·5 + 2·2·5)
    196
    """
    images, height, width, _ = x.shape
    window_height, window_width, _, filters = kernel.shape
    positions = (height - window_height + 1) * (width - window_width + 1)
    return 4 * (x.size + kernel.size + images * positions * filters)


def error_share(out, x, kernel):
    """The worst error in ``out``, as a share of what rounding can explain: 1 or less is right.

    A float32 sum of n products, taken in any order, is off by at most γ(n) · Σ |products|, with
    γ(n) = n·u / (1 − n·u) and u = 2⁻²⁴. ``out`` is compared with the reference, which computes in
    float64, and each cell with its own bound.

    Arguments: a rung's result and its arguments. Raises ``ValueError`` if the shape of ``out`` is
    not that of the result.

    Source: N. Higham, *Accuracy and Stability of Numerical Algorithms*, section 3.1.

    >>> x, kernel = np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32)
    >>> error_share(np.full((1, 2, 2, 1), 4.0), x, kernel)
    0.0
    """
    geometry = Geometry.of(x.shape[1:3], kernel.shape[:2], (1, 1), "valid")
    exact = np.empty((len(x), *geometry.output, kernel.shape[3]))
    if np.shape(out) != exact.shape:
        raise ValueError(f"expected a result of shape {exact.shape}, got {np.shape(out)}")
    size = np.empty_like(exact)  # Σ |products|
    x, kernel = x.astype(float), kernel.astype(float)
    kernels.get("reference").conv2d(x, kernel, geometry, exact)
    kernels.get("reference").conv2d(abs(x), abs(kernel), geometry, size)
    n, u = kernel[..., 0].size, 2.0**-24
    bound = n * u / (1 - n * u) * size
    error = abs(out - exact)
    shares = np.divide(error, bound, out=np.where(error > 0, np.inf, 0.0), where=bound > 0)
    return float(np.where(np.isnan(error), np.inf, shares).max(initial=0))
