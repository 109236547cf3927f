"""Batch normalisation and its gradient, row by row, a vector of channels at a time.

What belongs to the channels (their mean, their scale) stays in registers from the first row to the
last.
"""

from numba.core import types
from numba.extending import intrinsic

from ...compiled_code import jit
from ...contract import BLOCKED_BY_RELU
from .instructions import (
    BYTE,
    ZERO_VECTOR,
    broadcast,
    load,
    multiply_add,
    repeat,
    store,
    store_bytes,
    walk_of,
)
from .passed import load_passed, passed, walks_of
from .vector_width import VECTOR_WIDTH


@jit(error_model="numpy")
def normalize_rows(rows, first, last, mean, scale, beta, addend, least, out, argmax):
    """``out = max((rows − mean) · scale + beta + addend, least)``; NaN stays.

    From row ``first`` to ``last``. ``rows``, ``addend`` and ``out``: (rows, C); ``mean``, ``scale``
    and ``beta``: (C,); ``least``: 0 is ReLU; all float32. ``argmax``, (rows, C) uint8, gets 0 where
    ``out`` is above 0, and else `BLOCKED_BY_RELU`. ``addend`` and ``argmax`` may be ``None``.
    """
    channels = rows.shape[1]
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walk = first * channels + c, channels
        _normalize_rows(
            last - first, (rows, *walk), (mean, c), (scale, c), (beta, c), (addend, *walk), least,
            (out, *walk), (argmax, *walk),
        )  # fmt: skip
    for row in range(first, last):
        for c in range(whole, channels):
            value = (rows[row, c] - mean[c]) * scale[c] + beta[c]
            if addend is not None:
                value += addend[row, c]
            out[row, c] = least if value < least else value
            if argmax is not None:
                argmax[row, c] = 0 if value > 0 else BLOCKED_BY_RELU


@intrinsic
def _normalize_rows(typing, count, rows, mean, scale, beta, addend, least, out, argmax):
    """`normalize_rows` of one vector, over ``count`` rows.

    ``rows``, ``addend``, ``out`` and ``argmax`` are (array, flat index of the first element, from
    row to row), ``mean``, ``scale`` and ``beta`` without the last. In place of the arrays of
    ``addend`` and ``argmax`` may be ``None``.
    """

    def generate(context, builder, signature, arguments):
        def walk(place):
            return walk_of(context, builder, signature.args[place], arguments[place])

        def walk_if_any(place):
            return walks_of(context, builder, signature.args[place], arguments[place])

        count = arguments[0]
        mean, scale, beta = [load(builder, walk(place)[0]) for place in (2, 3, 4)]
        least = broadcast(builder, arguments[6])
        groups = [[walk(1), walk(7)], walk_if_any(5), walk_if_any(8)]
        zero, blocked = [broadcast(builder, BYTE(number)) for number in (0, BLOCKED_BY_RELU)]

        def row(needed, addend, argmax):
            rows, out = needed
            value = builder.fsub(load(builder, rows), mean)
            value = multiply_add(builder, value, scale, beta)
            for address in addend:
                value = builder.fadd(value, load(builder, address))
            below = builder.fcmp_ordered("<", value, least)  # false for NaN: it stays
            store(builder, builder.select(below, least, value), out)
            above = builder.fcmp_ordered(">", value, ZERO_VECTOR)
            for address in argmax:
                store_bytes(builder, builder.select(above, zero, blocked), address)
            groups_here = zip(groups, (needed, addend, argmax), strict=True)
            return [_below(builder, walks, *addresses) for walks, addresses in groups_here]

        repeat(builder, count, row, [[start for start, _ in walks] for walks in groups])
        return context.get_dummy_value()

    kinds = rows, mean, scale, beta, addend, least, out, argmax
    return types.void(count, *kinds), generate


@jit(error_model="numpy")
def gradient_of_rows(gradient, argmax, rows, first, last, mean, scale, beta_mean, gamma_mean, out):
    """The gradient of ``rows``: what is left when mean and variance move with them.

    ``out = scale · (gradient − beta_mean − (rows − mean) · gamma_mean)``

    From row ``first`` to ``last``. ``gradient``, ``rows`` and ``out``: (rows, C); ``mean``,
    ``scale`` (gamma / the standard deviation), ``beta_mean`` and ``gamma_mean``: (C,); all float32.
    ``argmax``: (rows, C) uint8, or ``None``: what ReLU blocked counts as 0.
    """
    channels = rows.shape[1]
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walk = first * channels + c, channels
        _gradient_of_rows(
            last - first, (gradient, *walk), (argmax, *walk), (rows, *walk),
            (mean, c), (scale, c), (beta_mean, c), (gamma_mean, c), (out, *walk),
        )  # fmt: skip
    for row in range(first, last):
        for c in range(whole, channels):
            taken = beta_mean[c] + (rows[row, c] - mean[c]) * gamma_mean[c]
            out[row, c] = scale[c] * (passed(gradient, argmax, row, c) - taken)


@intrinsic
def _gradient_of_rows(
    typing, count, gradient, argmax, rows, mean, scale, beta_mean, gamma_mean, out
):
    """`gradient_of_rows` of one vector, over ``count`` rows.

    ``gradient``, ``argmax``, ``rows`` and ``out`` are (array, flat index of the first element, from
    row to row), the others without the last. In place of ``argmax``'s array may be ``None``.
    """

    def generate(context, builder, signature, arguments):
        count, gradient, argmax, *walks = arguments
        _, gradient_kind, argmax_kind, *kinds = signature.args
        rows, *channels, out = [
            walk_of(context, builder, kind, walk) for kind, walk in zip(kinds, walks, strict=True)
        ]
        walks = [rows, out, walk_of(context, builder, gradient_kind, gradient)]
        walks += walks_of(context, builder, argmax_kind, argmax)
        mean, scale, beta_mean, gamma_mean = [load(builder, start) for (start,) in channels]

        def row(rows, out, *gradient):
            distance = builder.fsub(load(builder, rows), mean)
            taken = multiply_add(builder, distance, gamma_mean, beta_mean)
            left = builder.fsub(load_passed(builder, *gradient), taken)
            store(builder, builder.fmul(scale, left), out)
            return _below(builder, walks, rows, out, *gradient)

        repeat(builder, count, row, [start for start, _ in walks])
        return context.get_dummy_value()

    kinds = gradient, argmax, rows, mean, scale, beta_mean, gamma_mean, out
    return types.void(count, *kinds), generate


def _below(builder, walks, *addresses):
    """The addresses in the next row."""
    pairs = zip(walks, addresses, strict=True)
    return [builder.gep(address, [down]) for (_, down), address in pairs]
