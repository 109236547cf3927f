"""Max pooling of one vector of channels, and the way back: the inner loops around `argmax`."""

from numba.core import cgutils, types
from numba.extending import intrinsic

from ...contract import BLOCKED_BY_RELU
from .instructions import (
    BYTE,
    BYTES,
    FLOAT,
    INDEX,
    NOTHING,
    load,
    load_bytes,
    pointer,
    repeat,
    spread,
    store,
    store_bytes,
)

BLOCKED = BYTE(BLOCKED_BY_RELU)


@intrinsic
def pool(typing, pixels, window, relu, out, argmax, kept):
    """The largest numbers of a window into ``out``, and whose they are into ``argmax``.

    Arrays are flat, each given with the index of its first number: ``pixels`` (array, first, from
    row to row, from pixel to pixel), ``out`` and ``argmax`` (array, first). With ``relu``, numbers
    below 0 become 0. ``argmax`` are written if they are to be ``kept``.
    """

    def generate(context, builder, signature, arguments):
        pixels, window, relu, *targets, kept = arguments
        array, first, down, across = cgutils.unpack_tuple(builder, pixels)
        start = pointer(context, builder, signature.args[0][0], array, first)
        start = builder.bitcast(start, cgutils.voidptr_t)
        down, across = (builder.mul(distance, INDEX(BYTES)) for distance in (down, across))
        rows, columns = cgutils.unpack_tuple(builder, window)

        def row(best, winner, cell, start):
            best, winner, cell, _ = repeat(builder, columns, pixel, (best, winner, cell, start))
            return best, winner, cell, builder.gep(start, [down])

        def pixel(best, winner, cell, start):
            value = load(builder, start)
            higher = builder.fcmp_unordered(">", value, best)  # also if value is not a number
            wins = builder.and_(higher, builder.fcmp_ordered("ord", best, best))
            best = builder.select(wins, value, best)
            winner = builder.select(wins, spread(builder, cell), winner)
            return best, winner, builder.add(cell, BYTE(1)), builder.gep(start, [across])

        # the first cell meets itself, and does not win
        begin = load(builder, start), spread(builder, BYTE(0)), BYTE(0), start
        best, winner, _, _ = repeat(builder, rows, row, begin)
        # without ReLU, nothing is below the least
        least = builder.select(relu, FLOAT(0), FLOAT(float("-inf")))
        below = builder.fcmp_ordered("<", best, spread(builder, least))  # not-a-number stays
        stopped = builder.fcmp_unordered("<=", best, NOTHING)
        stopped = builder.and_(stopped, spread(builder, relu))
        best = builder.select(below, spread(builder, least), best)
        winner = builder.select(stopped, spread(builder, BLOCKED), winner)
        out, argmax = _places(context, builder, signature.args[3:5], targets)
        store(builder, best, out)
        with builder.if_then(kept):
            store_bytes(builder, winner, argmax)
        return context.get_dummy_value()

    return types.void(pixels, window, relu, out, argmax, kept), generate


@intrinsic
def hand_back(typing, gradient, argmax, cell, out):
    """``out = gradient if argmax == cell else 0``, each (flat array, first number)."""

    def generate(context, builder, signature, arguments):
        given, argmax, cell, out = arguments
        kinds, pairs = signature.args[:2] + signature.args[3:], (given, argmax, out)
        given, argmax, out = _places(context, builder, kinds, pairs)
        cell = spread(builder, builder.trunc(cell, BYTE))
        won = builder.icmp_unsigned("==", load_bytes(builder, argmax), cell)
        store(builder, builder.select(won, load(builder, given), NOTHING), out)
        return context.get_dummy_value()

    return types.void(gradient, argmax, cell, out), generate


def _places(context, builder, kinds, pairs):
    """The addresses that pairs of an array and an index mean."""
    return [
        pointer(context, builder, kind[0], *cgutils.unpack_tuple(builder, pair))
        for kind, pair in zip(kinds, pairs, strict=True)
    ]
