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


def peak(count=None, budget=0.5):
    """The most operations a second that ``count`` threads do together, in GF/s.

    A loop that does nothing but multiply-adds of float32 vectors that stay in registers, and counts
    2 operations for each. The best of several runs: something in between can only slow it down.
    ``count``: threads, by default all; ``budget``: seconds to spend.

    >>> peak(1, budget=0) > 0.1
    True
    """
    count = count or all_threads()
    times = 1_000_000  # some milliseconds: long beside the starting of threads
    best = _fastest(count, lambda part: _busy(times, np.float32(0.5), np.float32(1)), budget)
    return count * times * SUMS * LANES * 2 / best / 1e9


def bandwidth(count=None, megabytes=None, budget=1.0):
    """The bytes a second that ``count`` threads read and write together, in GB/s.

    An array of ``megabytes`` is copied into another; both are counted, the reading and the writing.
    They should be much larger than the caches: with less, it is the caches that are measured.
    ``count``: threads, by default all; ``megabytes``: by default 64, or 16 a thread if that is
    more; ``budget``: seconds to spend. The best of several runs.

    >>> bandwidth(1, megabytes=1, budget=0) > 0.1
    True
    """
    count = count or all_threads()
    megabytes = megabytes or max(64, 16 * count)
    source = np.ones(megabytes * 2**18, np.float32)
    target = np.zeros_like(source)  # written once: only then does it have memory of its own
    target[:] = 0
    parts = [slice(k * len(source) // count, (k + 1) * len(source) // count) for k in range(count)]

    def copy(part):
        np.copyto(target[parts[part]], source[parts[part]])

    return 2 * source.nbytes / _fastest(count, copy, budget) / 1e9


def speed_by_size(sizes, budget=0.1):
    """How fast one thread adds one array to another, in GB/s, for arrays of several sizes.

    ``sizes``: bytes of both arrays together; ``budget``: seconds to spend on each of them. The
    result, a list as long as ``sizes``, shows the caches as steps: while both arrays fit into one,
    they are read from there.

    >>> len(speed_by_size([4096, 8192], budget=0))
    2
    """
    speeds = []
    for size in sizes:
        target, source = np.zeros((2, size // 8), np.float32)
        times = max(2**24 // size, 1)  # some milliseconds for the small ones
        best = _fastest(1, lambda _, given=(target, source, times): _add(*given), budget)
        speeds.append(3 * target.nbytes * times / best / 1e9)  # two are read, one is written
    return speeds


def _fastest(count, work, budget):
    """The least seconds in which ``count`` threads did ``work(thread)`` each.

    They try again and again for ``budget`` seconds: it can take a while until the system has given
    each thread a core of its own, and the CPU its full pace.
    """
    end = perf_counter() + budget
    seconds = []
    with ThreadPoolExecutor(count) as pool:
        while len(seconds) < 3 or perf_counter() < end:
            start = perf_counter()
            list(pool.map(work, range(count)))
            seconds.append(perf_counter() - start)
    return min(seconds)
