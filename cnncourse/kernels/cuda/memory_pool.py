"""Where arrays on the GPU get their memory: a *caching allocator*.

Asking the driver takes longer than a small kernel, and giving back waits for all of them. So memory
stays here for the next array of its size when nobody holds it any more. The kernels run one after
the other, so the next user comes when the last one is done.

Of several pieces that would do, an array gets the oldest: a training's steps, which ask for the
same arrays in the same order, then get the same memory each time. `launch_queue` builds on that.
"""

from collections import defaultdict
from heapq import heappop, heappush
from itertools import count

from .compiler import cuda
from .launch_queue import queue

# All pieces by number, in use or not. A piece belongs to the pool, and allocations only lend it: if
# an allocation in a circle of references held it alone, Python's garbage collector would have numba
# give it back to the driver, and only then tell us that it is free.
_pieces = {}
_numbers = count()
_free = defaultdict(list)  # (dtype, size) → the numbers of the pieces that nobody uses, a heap


class Allocation:
    """A piece of the GPU's memory, numba's ``memory``, for as long as somebody holds this."""

    __slots__ = ("key", "memory", "number")

    def __init__(self, dtype, size):
        self.key = dtype, size
        try:
            number = heappop(_free[self.key])
        except IndexError:  # not asked before: another thread may take the last one meanwhile
            number = next(_numbers)
            _pieces[number] = _new(dtype, size)
        self.number = number
        self.memory = _pieces[number]

    def __del__(self, free=_free, heappush=heappush):
        if hasattr(self, "memory"):
            heappush(free[self.key], self.number)


def _new(dtype, size):
    """New memory; where there is none left, what lies unused is given back first."""
    try:
        return cuda.device_array(size, dtype)
    except Exception:  # each version of numba has its own for this
        if not any(_free.values()):
            raise
        queue.forget()  # its graphs hold memory, too
        for numbers in _free.values():
            while numbers:
                del _pieces[numbers.pop()]
        return cuda.device_array(size, dtype)


def unused():
    """How many pieces lie here that no array uses."""
    return sum(map(len, _free.values()))
