"""Reading ahead: a core that computes at full speed hides the way to memory, if it is asked to."""

from numba import njit
from numba.core import types
from numba.extending import intrinsic

from .instructions import BYTES, INDEX, fetch, repeat, walk_of

LINE = 64  # bytes that come together, on the CPUs of today
AHEAD = 2**12  # floats: as far ahead as the core gets while memory brings them


@njit(cache=True)
def prefetch_rows(array, row, size):
    """While ``row`` of a flat array, in rows of ``size``, is used: ask for one that follows."""
    prefetch((array, (row + max(AHEAD // size, 1)) * size), size)


@intrinsic
def prefetch(typing, numbers, count):
    """Ask for ``count`` floats of ``numbers``, (flat array, first number), to be brought nearer.

    Nothing is read that is not there: asking for memory beyond an array does no harm.
    """

    def generate(context, builder, signature, arguments):
        numbers, count = arguments
        (start,) = walk_of(context, builder, signature.args[0], numbers)

        def line(start):
            fetch(builder, start, to_write=False)
            return [builder.gep(start, [INDEX(LINE)])]

        repeat(builder, builder.sdiv(count, INDEX(LINE // BYTES)), line, [start])
        return context.get_dummy_value()

    return types.void(numbers, count), generate
