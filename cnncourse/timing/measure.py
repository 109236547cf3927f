"""How fast a function is, with the first call apart; how much work it did; whether it is right."""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

from ..support.arguments import described, real
from ..support.text import duration, three_digits

LEAST_CALLS = 3  # after the first
LONGEST_BUDGET = 3600  # seconds


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
    ``budget``: seconds to spend, at most an hour. Returns a `Timing`. Raises ``TypeError`` or
    ``ValueError`` for what is no function or no number.

    >>> measure(sorted, range(1000), operations=1000, budget=0).calls
    3
    """
    if not callable(function):
        raise TypeError(f"function must be a function, got {described(function)}")
    real(operations, "operations", least=0)
    real(budget, "budget", least=0, most=LONGEST_BUDGET)
    first = _seconds(function, arguments)
    later = []
    end = perf_counter() + budget
    while len(later) < LEAST_CALLS or perf_counter() < end:
        later.append(_seconds(function, arguments))
    return Timing(first, median(later), len(later), operations)


def _seconds(function, arguments):
    start = perf_counter()
    function(*arguments)
    return perf_counter() - start
