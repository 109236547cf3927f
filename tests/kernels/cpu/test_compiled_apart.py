"""A function that is compiled apart does for compiled callers what it does for Python."""

import numpy as np
import pytest
from numba import njit
from numba.core import types
from numba.core.errors import TypingError
from numba.core.runtime import _nrt_python, rtsys

from cnncourse.kernels.cpu.simd.compiled_apart import compiled_apart

FLOATS = types.Array(types.float32, 1, "C", readonly=True)


@compiled_apart(FLOATS, types.intp, types.UniTuple(types.intp, 2))
def repeated(x, times, span):
    """``times`` copies of ``x[first:last]``, one behind the other, and how long one is."""
    if times < 0:
        raise ValueError("times must be 0 at least")
    first, last = span
    out = np.empty(times * (last - first), x.dtype)
    for k in range(times):
        out[k * (last - first) : (k + 1) * (last - first)] = x[first:last]
    return out, last - first


@njit
def total_of_repeated(x, times, span):
    copies, size = repeated(x, times, span)
    return copies.sum(), size


def test_it_takes_arrays_numbers_and_tuples_and_gives_them():
    x = np.arange(5, dtype=np.float32)
    x.flags.writeable = False
    assert total_of_repeated(x, 3, (1, 4)) == (3 * (1 + 2 + 3), 3)


def test_its_errors_reach_the_caller():
    with pytest.raises(ValueError, match="times must be 0 at least"):
        total_of_repeated(np.zeros(2, np.float32), -1, (0, 2))


def test_no_array_is_kept():
    x = np.zeros(100, np.float32)
    total_of_repeated(x, 1, (0, 100))
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    for _ in range(10):
        total_of_repeated(x, 7, (0, 100))
    after = rtsys.get_allocation_stats()
    _nrt_python.memsys_disable_stats()
    assert after.alloc - before.alloc == after.free - before.free > 0


def test_other_arrays_are_refused():
    with pytest.raises(TypingError, match=r"repeated: expected .*float32.*, got .*float64"):
        total_of_repeated(np.zeros(2), 1, (0, 2))
