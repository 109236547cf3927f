"""Max pooling of one vector of channels, and its gradient: the inner loops around `argmax`."""

from numba.core import cgutils, types
from numba.extending import intrinsic

from ...contract import BLOCKED_BY_RELU
from .instructions import (
    BYTE,
    FLOAT,
    INDEX,
    ZERO_VECTOR,
    broadcast,
    load,
    load_bytes,
    repeat,
    store,
    store_bytes,
    walk_of,
)

BLOCKED = BYTE(BLOCKED_BY_RELU)


@intrinsic
def pool(typing, pixels, window, relu, out, argmax, with_argmax):
    """The largest values of a window into ``out``, and the cells they are from into ``argmax``.

    One vector of channels of one window of ``window`` = (rows, columns) cells. Arrays are flat,
    each given with the index of its first element: ``pixels`` (float32 array, first, from row to
    row, from pixel to pixel), ``out`` (float32 array, first) and ``argmax`` (uint8 array, first).
    With ``relu``, values below 0 become 0, and the argmax of those not above 0 is
    `BLOCKED_BY_RELU`. ``argmax`` is written only if ``with_argmax``.
    """

    def generate(context, builder, signature, arguments):
        pixels, window, relu, out, argmax, with_argmax = arguments
        pixel_kind, _, _, out_kind, argmax_kind, _ = signature.args
        start, down, across = walk_of(context, builder, pixel_kind, pixels)
        rows, columns = cgutils.unpack_tuple(builder, window)

        def row(best, best_cell, cell, start):
            carried = (best, best_cell, cell, start)
            best, best_cell, cell, _ = repeat(builder, columns, pixel, carried)
            return best, best_cell, cell, builder.gep(start, [down])

        def pixel(best, best_cell, cell, start):
            best, best_cell = better_of(builder, best, best_cell, load(builder, start), cell)
            return best, best_cell, builder.add(cell, BYTE(1)), builder.gep(start, [across])

        # the first cell meets itself, and is not better
        begin = load(builder, start), broadcast(builder, BYTE(0)), BYTE(0), start
        ends = []
        usual = builder.and_(*(builder.icmp_signed("==", n, INDEX(2)) for n in (rows, columns)))
        with builder.if_else(usual) as (unrolled, looped):
            with unrolled:
                first = pixel(*pixel(*begin))
                second = pixel(*pixel(*first[:3], builder.gep(start, [down])))
                ends.append((builder.block, *second[:2]))
            with looped:
                last = repeat(builder, rows, row, begin)
                ends.append((builder.block, *last[:2]))
        best, best_cell = (builder.phi(value.type) for value in begin[:2])
        for block, *values in ends:
            for value, phi in zip(values, (best, best_cell), strict=True):
                phi.add_incoming(value, block)
        best, best_cell = after_relu(builder, best, best_cell, relu)
        (out,) = walk_of(context, builder, out_kind, out)
        (argmax,) = walk_of(context, builder, argmax_kind, argmax)
        store(builder, best, out)
        with builder.if_then(with_argmax):
            store_bytes(builder, best_cell, argmax)
        return context.get_dummy_value()

    return types.void(pixels, window, relu, out, argmax, with_argmax), generate


def better_of(builder, best, best_cell, value, cell):
    """The better values of two vectors, and their cells: the first of equals, and the first NaN."""
    higher = builder.fcmp_unordered(">", value, best)  # also if the value is NaN
    better = builder.and_(higher, builder.fcmp_ordered("ord", best, best))
    best_cell = builder.select(better, broadcast(builder, cell), best_cell)
    return builder.select(better, value, best), best_cell


def after_relu(builder, best, best_cell, relu):
    """The values after ReLU if ``relu``, a bit; their cells, `BLOCKED_BY_RELU` where it stopped."""
    # without ReLU, no value is below the least
    least = builder.select(relu, FLOAT(0), FLOAT(float("-inf")))
    below = builder.fcmp_ordered("<", best, broadcast(builder, least))  # NaN stays
    blocked = builder.fcmp_unordered("<=", best, ZERO_VECTOR)
    blocked = builder.and_(blocked, broadcast(builder, relu))
    best = builder.select(below, broadcast(builder, least), best)
    return best, builder.select(blocked, broadcast(builder, BLOCKED), best_cell)


@intrinsic
def gradient_of_cell(typing, gradient, argmax, cell, out):
    """``out = gradient if argmax == cell else 0``, for one vector of channels.

    ``gradient`` and ``out`` are (flat float32 array, index of the first), ``argmax`` is (flat uint8
    array, index of the first), ``cell`` a whole number.
    """

    def generate(context, builder, signature, arguments):
        gradient, argmax, cell, out = arguments
        gradient_kind, argmax_kind, _, out_kind = signature.args
        (gradient,) = walk_of(context, builder, gradient_kind, gradient)
        (argmax,) = walk_of(context, builder, argmax_kind, argmax)
        (out,) = walk_of(context, builder, out_kind, out)
        cell = broadcast(builder, builder.trunc(cell, BYTE))
        is_argmax = builder.icmp_unsigned("==", load_bytes(builder, argmax), cell)
        store(builder, builder.select(is_argmax, load(builder, gradient), ZERO_VECTOR), out)
        return context.get_dummy_value()

    return types.void(gradient, argmax, cell, out), generate
