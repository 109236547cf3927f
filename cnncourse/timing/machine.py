"""What this machine can do at best: its multiply-adds, and the speed of its memory.

Both are measured, never looked up: they depend on the CPU, on how warm it is, and on who else is
using it. Compare only what was measured in one run.
"""

from contextlib import contextmanager
from functools import partial
from time import perf_counter

import numba
import numpy as np
from numba import prange

from ..kernels.compiled_code import jit
from ..kernels.cpu.simd.multiply_adds import OPERATIONS, multiply_adds_only
from ..support.arguments import described, real
from ..support.checks import positive_int, whole_number
from .convolution import FLOAT_BYTES
from .measure import LONGEST_BUDGET

TURNS = 2_000_000  # of the loop of multiply-adds: some milliseconds, long beside starting threads
LEAST_RUNS = 3
FLOATS_IN_A_MEGABYTE = 2**20 // FLOAT_BYTES
MOST_MEGABYTES = 100_000
LEAST_MEGABYTES = 64  # of the array that is copied, and so many for each thread
MEGABYTES_OF_A_THREAD = 16
BYTES_OF_A_RUN = 2**24  # that small arrays are added for in a run: some milliseconds


@jit(parallel=True)
def multiply_adds(turns, results):
    """``turns`` · ``OPERATIONS`` operations for each of ``results``, one a thread."""
    for thread in prange(len(results)):
        results[thread] = multiply_adds_only(turns)


@jit(parallel=True)
def copy(x, out):
    """Copy a flat array, by all threads."""
    for k in prange(len(x)):
        out[k] = x[k]


@jit
def _add(target, source, times):
    """``target += source``, flat arrays of the same length, again and again."""
    for _ in range(times):
        for k in range(len(target)):
            target[k] += source[k]


def all_threads():
    """How many threads numba has: the cores that this process may use, unless told otherwise.

    >>> all_threads() >= 1
    True
    """
    return numba.config.NUMBA_NUM_THREADS


@contextmanager
def threads(count):
    """Within the block, numba's parallel functions take ``count`` threads.

    Raises ``ValueError`` for less than 1 or more than `all_threads`, ``TypeError`` for no whole
    number.

    >>> with threads(1):
    ...     numba.get_num_threads()
    1
    """
    count = _threads(count)
    before = numba.get_num_threads()
    numba.set_num_threads(count)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def _threads(count):
    """``count`` if there are so many threads, all of them for ``None``."""
    if count is None:
        return all_threads()
    if positive_int(count, "count") > all_threads():
        raise ValueError(f"count must be at most {all_threads()}, numba's threads, got {count}")
    return int(count)


def peak(count=None, budget=0.5):
    """The most operations a second that ``count`` threads do together, in GF/s.

    A loop that does nothing but multiply-adds of float32 vectors that stay in registers, and counts
    2 operations for each. The best of several runs: something in between can only slow it down.
    ``count``: threads, by default all; ``budget``: seconds to spend.

    Raises what `threads` does, and ``ValueError`` for a budget that is no time.

    >>> peak(1, budget=0) > 0.1
    True
    """
    count = _threads(count)
    results = np.empty(count, np.float32)
    with threads(count):
        best = _fastest(lambda: multiply_adds(TURNS, results), budget)
    return count * TURNS * OPERATIONS / best / 1e9


def bandwidth(count=None, megabytes=None, budget=1.0):
    """The bytes a second that ``count`` threads read and write together, in GB/s.

    An array of ``megabytes`` is copied into another; both are counted, the reading and the writing.
    They should be much larger than the caches: with less, it is the caches that are measured.
    ``count``: threads, by default all; ``megabytes``: by default 64, or 16 a thread if that is
    more; ``budget``: seconds to spend. The best of several runs.

    Raises what `peak` does, also for ``megabytes`` that are no whole number from 1 to 100,000.

    >>> bandwidth(1, megabytes=1, budget=0) > 0.1
    True
    """
    count = _threads(count)
    if megabytes is None:
        megabytes = max(LEAST_MEGABYTES, MEGABYTES_OF_A_THREAD * count)
    megabytes = whole_number(megabytes, "megabytes", least=1, most=MOST_MEGABYTES)
    source = np.ones(megabytes * FLOATS_IN_A_MEGABYTE, np.float32)
    target = np.zeros_like(source)  # written once: only then does it have memory of its own
    target[:] = 0
    with threads(count):
        best = _fastest(lambda: copy(source, target), budget)
    return 2 * source.nbytes / best / 1e9


def speed_by_size(sizes, budget=0.1):
    """How fast one thread adds one array to another, in GB/s, for arrays of several sizes.

    ``sizes``: bytes of both arrays together; ``budget``: seconds to spend on each of them. The
    result, a list as long as ``sizes``, shows the caches as steps: while both arrays fit into one,
    they are read from there. Raises ``TypeError`` for what is no list of whole
    numbers, ``ValueError`` for less than 8 bytes.

    >>> len(speed_by_size([4096, 8192], budget=0))
    2
    """
    speeds = []
    if not isinstance(sizes, (list, tuple, range, np.ndarray)) or np.ndim(sizes) != 1:
        raise TypeError(f"sizes must be a list of bytes, got {described(sizes)}")
    for size in sizes:
        size = whole_number(size, "sizes: each", least=2 * FLOAT_BYTES)
        target, source = np.zeros((2, size // (2 * FLOAT_BYTES)), np.float32)
        times = max(BYTES_OF_A_RUN // size, 1)
        best = _fastest(partial(_add, target, source, times), budget)
        speeds.append(3 * target.nbytes * times / best / 1e9)  # two are read, one is written
    return speeds


def _fastest(work, budget):
    """The least seconds in which ``work()`` was done.

    It is tried again and again for ``budget`` seconds: it can take a while until the system has
    given each thread a core of its own, and the CPU its full pace.
    """
    real(budget, "budget", least=0, most=LONGEST_BUDGET)
    work()  # the first call compiles
    end = perf_counter() + budget
    seconds = []
    while len(seconds) < LEAST_RUNS or perf_counter() < end:
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)
