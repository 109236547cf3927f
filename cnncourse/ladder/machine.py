"""What this machine can do at best: its multiply-adds, and the speed of its memory.

Both are measured, never looked up: they depend on the CPU, on how warm it is, and on who else is
using it. Compare only what was measured in one run.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter

import numba
import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic

from ..kernels.cpu.vectors import COLUMNS, LANES

# Sums that grow at once: enough that the CPU need never wait for a result, and not more than it has
# registers for (32 or 16).
SUMS = 24 if COLUMNS > 6 else 12


@intrinsic
def _multiply_adds(typing, times, factor, addend):
    """``SUMS`` vectors, each multiplied and added to, again and again, in registers only."""

    def generate(context, builder, signature, arguments):
        times, factor, addend = arguments
        vector = ir.VectorType(ir.FloatType(), LANES)
        kind = ir.FunctionType(vector, [vector] * 3)
        name = f"llvm.fmuladd.v{LANES}f32"
        multiply_add = cgutils.get_or_insert_function(builder.module, kind, name)
        factor, addend = (_spread(builder, number, vector) for number in (factor, addend))
        # they start from different numbers, or the compiler would compute one for all
        starts = [ir.Constant(vector, [float(k)] * LANES) for k in range(SUMS)]
        places = [cgutils.alloca_once_value(builder, start) for start in starts]
        with cgutils.for_range(builder, times):
            for place in places:
                result = builder.call(multiply_add, [builder.load(place), factor, addend])
                builder.store(result, place)
        total = builder.load(places[0])
        for place in places[1:]:
            total = builder.fadd(total, builder.load(place))
        return builder.extract_element(total, ir.Constant(ir.IntType(64), 0))

    return types.float32(types.intp, types.float32, types.float32), generate


def _spread(builder, number, vector):
    """A vector with the number in every lane."""
    result = ir.Constant(vector, ir.Undefined)
    for lane in range(LANES):
        result = builder.insert_element(result, number, ir.Constant(ir.IntType(64), lane))
    return result


@njit(types.float32(types.intp, types.float32, types.float32), nogil=True)
def _busy(times, factor, addend):
    return _multiply_adds(times, factor, addend)


@njit(types.void(types.float32[::1], types.float32[::1], types.intp), nogil=True)
def _add(target, source, times):
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

    Raises ``ValueError`` for less than 1 or more than `all_threads`.

    >>> with threads(1):
    ...     numba.get_num_threads()
    1
    """
    before = numba.get_num_threads()
    numba.set_num_threads(count)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def peak(count=None):
    """The most operations a second that ``count`` threads do together, in GF/s.

    A loop that does nothing but multiply-adds of float32 vectors that stay in registers, and counts
    2 operations for each. The best of several runs: something in between can only slow it down.
    ``count``: threads, by default all.

    >>> peak(1) > 0.1
    True
    """
    count = count or all_threads()
    times = 1_000_000  # so often that the system has time to give each thread a core of its own
    best = _fastest(count, lambda part: _busy(times, np.float32(0.5), np.float32(1)))
    return count * times * SUMS * LANES * 2 / best / 1e9


def bandwidth(count=None, megabytes=64):
    """The bytes a second that ``count`` threads read and write together, in GB/s.

    An array of ``megabytes`` is copied into another; both are counted, the reading and the writing.
    They should be much larger than the caches: with less, it is the caches that are measured.
    ``count``: threads, by default all. The best of several runs.

    >>> bandwidth(1, megabytes=1) > 0.1
    True
    """
    count = count or all_threads()
    source = np.ones(megabytes * 2**18, np.float32)
    target = np.zeros_like(source)  # written once: only then does it have memory of its own
    target[:] = 0
    parts = [slice(k * len(source) // count, (k + 1) * len(source) // count) for k in range(count)]
    times = 5  # so long that the system has time to give each thread a core of its own

    def copy(part):
        for _ in range(times):
            np.copyto(target[parts[part]], source[parts[part]])

    return 2 * source.nbytes * times / _fastest(count, copy) / 1e9


def speed_by_size(sizes):
    """How fast one thread adds one array to another, in GB/s, for arrays of several sizes.

    ``sizes``: bytes of both arrays together. While they fit into a cache they are read from there;
    the result, a list as long as ``sizes``, shows the caches as steps.

    >>> len(speed_by_size([4096, 8192]))
    2
    """
    speeds = []
    for size in sizes:
        target, source = np.zeros((2, size // 8), np.float32)
        times = max(2**24 // size, 1)  # some milliseconds for the small ones
        best = _fastest(1, lambda _, given=(target, source, times): _add(*given))
        speeds.append(3 * target.nbytes * times / best / 1e9)  # two are read, one is written
    return speeds


def _fastest(count, work, runs=20):
    """The least seconds in which ``count`` threads did ``work(thread)`` each."""
    with ThreadPoolExecutor(count) as pool:
        seconds = []
        for _ in range(runs + 1):  # the first run wakes threads, caches and clocks
            start = perf_counter()
            list(pool.map(work, range(count)))
            seconds.append(perf_counter() - start)
    return min(seconds[1:])
