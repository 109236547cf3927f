"""Column sums: sums over the rows of a matrix, a vector of its columns (channels) at a time.

The sums are float64, for they take millions of small terms. Four of them grow side by side: an
addition takes a few cycles, and the next one to the same sum has to wait for it.
"""

import numpy as np
from llvmlite import ir
from numba import prange
from numba.core import types
from numba.extending import intrinsic

from ...compiled_code import jit
from ...contract import BLOCKED_BY_RELU
from ..parallel.slices import SLICES, bounds
from ..parallel.threads import parallel
from .instructions import BYTE, INDEX, ZERO_VECTOR, broadcast, load, load_bytes, repeat, walk_of
from .vector_width import VECTOR_WIDTH

DOUBLES = ir.VectorType(ir.DoubleType(), VECTOR_WIDTH)
DOUBLE_BYTES = 8
ACCUMULATORS = 4  # sums of the same column that grow side by side


@parallel
def partial_sums(rows, parts):
    """``parts[part] += Σ`` of each slice of the rows: (slices, C) float64 and (rows, C) float32."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        add_rows(parts[part], rows[first:last])


@jit
def add_rows(sums, rows):
    """``sums += Σ rows``: (C,) float64 and (rows, C) float32."""
    zeros = np.zeros(len(sums), rows.dtype)
    ones = np.ones(len(sums), rows.dtype)
    _add(sums, rows, zeros, ones, 0, zeros)


@jit
def add_row_products(sums, a, a_shift, b, b_shift):
    """``sums += Σ (a - a_shift) · (b - b_shift)``.

    ``sums``: (C,) float64; ``a`` and ``b``: (rows, C) float32; the shifts: (C,) float32.
    """
    _add(sums, a, a_shift, b.reshape(-1), len(sums), b_shift)


@jit
def _add(sums, rows, a_shift, b, b_row, b_shift):
    """`add_row_products` for ``rows`` and a flat ``b``, whose rows are ``b_row`` elements apart."""
    a = rows.reshape(-1)
    count, channels = rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        left = (a, c, channels)
        right = (b, c, b_row)
        _add_products(count, left, (a_shift, c), right, (b_shift, c), (sums, c))
    for row in range(count):
        for c in range(whole, channels):
            sums[c] += (a[row * channels + c] - a_shift[c]) * (b[row * b_row + c] - b_shift[c])


@jit
def add_passed_rows(sums, rows, argmax):
    """``sums += Σ rows``, without the values whose ``argmax`` is `BLOCKED_BY_RELU`.

    ``sums``: (C,) float64; ``rows``: (rows, C) float32; ``argmax``: (rows, C) uint8.
    """
    values = rows.reshape(-1)
    cells = argmax.reshape(-1)
    count, channels = rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        _add_passed(count, (values, c, channels), (cells, c, channels), (sums, c))
    for row in range(count):
        for c in range(whole, channels):
            if cells[row * channels + c] != BLOCKED_BY_RELU:
                sums[c] += values[row * channels + c]


@intrinsic
def _add_products(typing, count, a, a_shift, b, b_shift, sums):
    """``sums += Σ (a - a_shift) · (b - b_shift)`` for one vector, over ``count`` rows.

    ``a`` and ``b`` are (flat array, index of the first element, from row to row), the others
    without the last. ``sums`` is float64, the others are float32.
    """

    def generate(context, builder, signature, arguments):
        count, *walks = arguments
        walks = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]
        a, (a_shift,), b, (b_shift,), (sums,) = walks
        a_shift = load(builder, a_shift)
        b_shift = load(builder, b_shift)

        def term(a, b):
            left = builder.fsub(load(builder, a), a_shift)
            right = builder.fsub(load(builder, b), b_shift)
            return builder.fmul(left, right)

        _add_sum(builder, count, [a, b], term, sums)
        return context.get_dummy_value()

    return types.void(count, a, a_shift, b, b_shift, sums), generate


@intrinsic
def _add_passed(typing, count, rows, argmax, sums):
    """``sums += Σ rows`` for one vector, where ``argmax`` is not `BLOCKED_BY_RELU`.

    ``rows`` and ``argmax`` are (flat array, index of the first element, from row to row), ``sums``
    without the last: float32, uint8 and float64.
    """

    def generate(context, builder, signature, arguments):
        count, *walks = arguments
        rows, argmax, (sums,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]
        blocked = broadcast(builder, BYTE(BLOCKED_BY_RELU))

        def term(rows, argmax):
            is_blocked = builder.icmp_unsigned("==", load_bytes(builder, argmax), blocked)
            return builder.select(is_blocked, ZERO_VECTOR, load(builder, rows))

        _add_sum(builder, count, [rows, argmax], term, sums)
        return context.get_dummy_value()

    return types.void(count, rows, argmax, sums), generate


def _add_sum(builder, count, walks, term, sums):
    """Add ``term`` of the walks' addresses, for each of ``count`` rows, to the sums in memory."""
    starts = [start for start, _ in walks]
    zeros = ir.Constant(DOUBLES, [0.0] * VECTOR_WIDTH)

    def one(total, *addresses):
        total = builder.fadd(total, builder.fpext(term(*addresses), DOUBLES))
        pairs = zip(addresses, walks, strict=True)
        return total, *[builder.gep(address, [down]) for address, (_, down) in pairs]

    def several(totals, *addresses):
        new = []
        for total in totals:
            total, *addresses = one(total, *addresses)
            new.append(total)
        return new, *addresses

    times = builder.sdiv(count, INDEX(ACCUMULATORS))
    totals, *addresses = repeat(builder, times, several, ([zeros] * ACCUMULATORS, *starts))
    left = builder.srem(count, INDEX(ACCUMULATORS))
    first, *_ = repeat(builder, left, one, (totals[0], *addresses))
    sums = builder.bitcast(sums, DOUBLES.as_pointer())
    total = builder.load(sums, align=DOUBLE_BYTES)
    for part in first, *totals[1:]:
        total = builder.fadd(total, part)
    builder.store(total, sums, align=DOUBLE_BYTES)
