"""Column sums: sums over the rows of a matrix, a vector of its columns (channels) at a time.

The sums are float64, for they take millions of small terms. But an addition takes a few cycles, and
the next one to the same sum has to wait for it; and to make float64 of float32 takes time, too. So
what four rows give is added up on its own first, as float32: that is off by no more than the terms
themselves, and has no room for terms near the largest float32.
"""

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from ...compiled_code import jit
from ...contract import BLOCKED_BY_RELU
from .instructions import INDEX, VECTOR, repeat, walk_of
from .passed import load_passed, walks_of
from .vector_width import VECTOR_WIDTH

DOUBLES = ir.VectorType(ir.DoubleType(), VECTOR_WIDTH)
DOUBLE_BYTES = 8
ROWS = 4  # that are added up on their own


@jit
def add_rows(sums, rows, argmax, first, last):
    """``sums += Σ rows``, from the ``first`` to the ``last``, without what ReLU blocked.

    ``sums``: (C,) float64; ``rows``: (rows, C) float32; ``argmax``: (rows, C) uint8, or empty where
    there was no ReLU.
    """
    channels = rows.shape[1]
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walk = first * channels + c, channels
        if argmax.size > 0:
            _add_rows(last - first, (rows, *walk), (argmax, *walk), (sums, c))
        else:
            _add_rows(last - first, (rows, *walk), (None, *walk), (sums, c))
    for row in range(first, last):
        for c in range(whole, channels):
            if argmax.size == 0 or argmax[row, c] != BLOCKED_BY_RELU:
                sums[c] += rows[row, c]


@intrinsic
def _add_rows(typing, count, rows, argmax, sums):
    """`add_rows` of one vector, over ``count`` rows.

    ``rows`` and ``argmax`` are (array, flat index of the first element, from row to row), ``sums``
    (float64 array, index of the first). In place of ``argmax``'s array may be ``None``.
    """

    def generate(context, builder, signature, arguments):
        count, rows, argmax, sums = arguments
        _, rows_kind, argmax_kind, sums_kind = signature.args
        walks = [walk_of(context, builder, rows_kind, rows)]
        walks += walks_of(context, builder, argmax_kind, argmax)

        def add(totals, *addresses):
            return [builder.fadd(totals[0], load_passed(builder, *addresses))]

        sum_down(builder, count, walks, add, walk_of(context, builder, sums_kind, sums))
        return context.get_dummy_value()

    return types.void(count, rows, argmax, sums), generate


def sum_down(builder, count, walks, add, sums, kind=VECTOR):
    """Add to ``sums``, in memory, what ``add`` makes of ``count`` rows.

    ``walks``: (address, distance from row to row) of each array; ``add(totals, *addresses)`` gives
    the totals with a row's terms in them, as many vectors of type ``kind`` as there are ``sums``,
    which are addresses of vectors of float64.
    """

    def taking(rows):
        def body(totals, *addresses):
            parts = [ir.Constant(kind, [0.0] * VECTOR_WIDTH)] * len(sums)
            for _ in range(rows):
                parts = add(parts, *addresses)
                pairs = zip(addresses, walks, strict=True)
                addresses = [builder.gep(address, [down]) for address, (_, down) in pairs]
            pairs = zip(totals, parts, strict=True)
            return [
                builder.fadd(total, doubles(builder, part)) for total, part in pairs
            ], *addresses

        return body

    zeros = [ir.Constant(DOUBLES, [0.0] * VECTOR_WIDTH)] * len(sums)
    begin = zeros, *(start for start, _ in walks)
    begin = repeat(builder, builder.sdiv(count, INDEX(ROWS)), taking(ROWS), begin)
    totals, *_ = repeat(builder, builder.srem(count, INDEX(ROWS)), taking(1), begin)
    for address, total in zip(sums, totals, strict=True):
        address = builder.bitcast(address, DOUBLES.as_pointer())
        total = builder.fadd(builder.load(address, align=DOUBLE_BYTES), total)
        builder.store(total, address, align=DOUBLE_BYTES)


def doubles(builder, vector):
    """The vector as float64."""
    return vector if vector.type == DOUBLES else builder.fpext(vector, DOUBLES)
