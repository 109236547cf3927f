"""Prefetching: a core that computes at full speed hides how long memory takes, if it asks early."""

from numba.core import types
from numba.extending import intrinsic

from ...compiled_code import jit
from .instructions import FLOAT_BYTES, INDEX, prefetch_line, repeat, walk_of

CACHE_LINE = 64  # bytes that come together, on the CPUs of today
FLOATS_AHEAD = 2**12  # as far ahead as the core gets while memory brings them


@jit
def prefetch_rows(array, row, size):
    """While ``row`` of a flat array, in rows of ``size``, is used: ask for one that follows."""
    prefetch((array, (row + max(FLOATS_AHEAD // size, 1)) * size), size)


@intrinsic
def prefetch(typing, floats, count):
    """Ask for ``count`` floats, from ``floats`` = (flat array, index of the first) on.

    Nothing is read that is not there: asking for memory beyond an array does no harm.
    """

    def generate(context, builder, signature, arguments):
        floats, count = arguments
        (start,) = walk_of(context, builder, signature.args[0], floats)

        def line(start):
            prefetch_line(builder, start, to_write=False)
            return [builder.gep(start, [INDEX(CACHE_LINE)])]

        repeat(builder, builder.sdiv(count, INDEX(CACHE_LINE // FLOAT_BYTES)), line, [start])
        return context.get_dummy_value()

    return types.void(floats, count), generate
