"""Sums over rows of numbers, channel by channel, a vector of channels at a time.

The sums are float64, for they take millions of small terms. Four of them grow side by side: an
addition takes a few cycles, and the next one to the same sum has to wait for it.
"""

import numpy as np
from llvmlite import ir
from numba import njit, prange
from numba.core import types
from numba.extending import intrinsic

from ...contract import BLOCKED_BY_RELU
from ..parallel.slices import SLICES, bounds
from ..parallel.threads import parallel
from .instructions import BYTE, BYTES, INDEX, NOTHING, load, load_bytes, repeat, spread, walk_of
from .vector_width import VECTOR_WIDTH

WIDE = ir.VectorType(ir.DoubleType(), VECTOR_WIDTH)
SUMS = 4  # that grow side by side


@parallel
def partial_sums(rows, parts):
    """``parts[part] += Σ`` of each slice of the rows: (slices, C) float64 and (rows, C) float32."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        add_rows(parts[part], rows[first:last])


@njit(cache=True)
def add_rows(sums, rows):
    """``sums += Σ rows``: (C,) float64 and (rows, C) float32."""
    zeros, ones = np.zeros(len(sums), rows.dtype), np.ones(len(sums), rows.dtype)
    _add(sums, rows, zeros, ones, 0, zeros)


@njit(cache=True)
def add_row_products(sums, a, a_less, b, b_less):
    """``sums += Σ (a - a_less) · (b - b_less)``: ``a`` and ``b`` (rows, C), the others (C,)."""
    _add(sums, a, a_less, b.reshape(-1), len(sums), b_less)


@njit(cache=True)
def _add(sums, rows, a_less, b, down, b_less):
    """With ``b`` flat, and the distance from row to row in it."""
    a, count, channels = rows.reshape(-1), *rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        left, right = (a, c, channels), (b, c, down)
        _add_products(count, left, (a_less, c), right, (b_less, c), (sums, c))
    for row in range(count):
        for c in range(whole, channels):
            sums[c] += (a[row * channels + c] - a_less[c]) * (b[row * down + c] - b_less[c])


@njit(cache=True)
def add_passed_rows(sums, rows, argmax):
    """``sums += Σ rows``, (C,) and (rows, C), of the numbers that `BLOCKED_BY_RELU` did not stop."""
    given, cells, count, channels = rows.reshape(-1), argmax.reshape(-1), *rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        _add_passed(count, (given, c, channels), (cells, c, channels), (sums, c))
    for row in range(count):
        for c in range(whole, channels):
            if cells[row * channels + c] != BLOCKED_BY_RELU:
                sums[c] += given[row * channels + c]


@intrinsic
def _add_products(typing, count, a, a_less, b, b_less, sums):
    """``sums += Σ (a - a_less) · (b - b_less)`` for one vector, over ``count`` rows.

    ``a`` and ``b`` are (flat array, first number, from row to row), the others without the last.
    """

    def generate(context, builder, signature, arguments):
        count, *pairs = arguments
        walks = [
            walk_of(context, builder, kind, pair)
            for kind, pair in zip(signature.args[1:], pairs, strict=True)
        ]
        a, (a_less,), b, (b_less,), (sums,) = walks
        a_less, b_less = load(builder, a_less), load(builder, b_less)

        def term(a, b):
            left, right = (
                builder.fsub(load(builder, a), a_less),
                builder.fsub(load(builder, b), b_less),
            )
            return builder.fmul(left, right)

        _add_sum(builder, count, [a, b], term, sums)
        return context.get_dummy_value()

    return types.void(count, a, a_less, b, b_less, sums), generate


@intrinsic
def _add_passed(typing, count, rows, argmax, sums):
    """``sums += Σ rows`` for one vector, where ``argmax`` are not `BLOCKED_BY_RELU`."""

    def generate(context, builder, signature, arguments):
        count, *pairs = arguments
        rows, argmax, (sums,) = [
            walk_of(context, builder, kind, pair)
            for kind, pair in zip(signature.args[1:], pairs, strict=True)
        ]
        nobody = spread(builder, BYTE(BLOCKED_BY_RELU))

        def term(rows, argmax):
            stopped = builder.icmp_unsigned("==", load_bytes(builder, argmax), nobody)
            return builder.select(stopped, NOTHING, load(builder, rows))

        _add_sum(builder, count, [rows, argmax], term, sums)
        return context.get_dummy_value()

    return types.void(count, rows, argmax, sums), generate


def _add_sum(builder, count, walks, term, sums):
    """Add ``term`` of the walks' addresses, for each of ``count`` rows, to the sums in memory."""
    starts = [start for start, _ in walks]
    nothing = ir.Constant(WIDE, [0.0] * VECTOR_WIDTH)

    def one(total, *places):
        total = builder.fadd(total, builder.fpext(term(*places), WIDE))
        places = [builder.gep(p, [down]) for p, (_, down) in zip(places, walks, strict=True)]
        return total, *places

    def several(totals, *places):
        new = []
        for total in totals:
            total, *places = one(total, *places)
            new.append(total)
        return new, *places

    times = builder.sdiv(count, INDEX(SUMS))
    totals, *places = repeat(builder, times, several, ([nothing] * SUMS, *starts))
    left = builder.srem(count, INDEX(SUMS))
    first, *_ = repeat(builder, left, one, (totals[0], *places))
    sums = builder.bitcast(sums, WIDE.as_pointer())
    total = builder.load(sums, align=2 * BYTES)
    for part in first, *totals[1:]:
        total = builder.fadd(total, part)
    builder.store(total, sums, align=2 * BYTES)
