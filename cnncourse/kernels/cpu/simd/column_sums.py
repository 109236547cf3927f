"""Column sums: sums over the rows of a matrix, a vector of its columns (channels) at a time.

The sums are float64, for they take millions of small terms. Four of them grow side by side: an
addition takes a few cycles, and the next one to the same sum has to wait for it.
"""

import numpy as np
from llvmlite import ir
from numba import prange
from numba.core import cgutils, types
from numba.extending import intrinsic

from ...compiled_code import jit
from ...contract import BLOCKED_BY_RELU
from ..parallel.slices import SLICES, bounds
from ..parallel.threads import parallel
from .instructions import BYTE, INDEX, ZERO_VECTOR, broadcast, load, load_bytes, repeat, walk_of
from .vector_width import VECTOR_WIDTH

DOUBLES = ir.VectorType(ir.DoubleType(), VECTOR_WIDTH)
DOUBLE_BYTES = 8
ACCUMULATORS = 4  # sums that grow side by side, of a column or of two things in it


@parallel
def partial_sums(rows, parts):
    """``parts[part] += Σ`` of each slice of the rows: (slices, C) float64 and (rows, C) float32."""
    for part in prange(SLICES):
        first, last = bounds(part, SLICES, len(rows))
        add_rows(parts[part], rows[first:last])


@jit
def add_rows(sums, rows):
    """``sums += Σ rows``: (C,) float64 and (rows, C) float32."""
    values = rows.reshape(-1)
    count, channels = rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        _add_rows(count, (values, c, channels), (sums, c))
    for row in range(count):
        for c in range(whole, channels):
            sums[c] += values[row * channels + c]


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


@jit
def add_moments(sums, rows, shift):
    """``sums += Σ (rows − shift), Σ (rows − shift)²``, rounded as float64 only.

    ``sums``: (2, C) float64; ``rows``: (rows, C) float32; ``shift``: (C,) float32.
    """
    values = rows.reshape(-1)
    totals = sums.reshape(-1)
    count, channels = rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        _add_moments(count, (values, c, channels), (shift, c), (totals, c), (totals, channels + c))
    for row in range(count):
        for c in range(whole, channels):
            deviation = np.float64(values[row * channels + c]) - np.float64(shift[c])
            sums[0, c] += deviation
            sums[1, c] += deviation * deviation


@jit
def add_gradient_sums(sums, gradient, rows, mean):
    """Add to ``sums`` the gradient, and the gradient times the distance from the mean.

    ``sums``: (2, C) float64; ``gradient`` and ``rows``: (rows, C) float32; ``mean``: (C,) float32.
    """
    shares = gradient.reshape(-1)
    values = rows.reshape(-1)
    totals = sums.reshape(-1)
    count, channels = rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walks = (shares, c, channels), (values, c, channels)
        _add_gradient_sums(count, *walks, (mean, c), (totals, c), (totals, channels + c))
    for row in range(count):
        for c in range(whole, channels):
            share = shares[row * channels + c]
            sums[0, c] += share
            sums[1, c] += np.float64(share) * (values[row * channels + c] - mean[c])


@jit
def add_passed_gradient_sums(sums, gradient, argmax, rows, mean):
    """`add_gradient_sums` of the gradient whose ``argmax`` is not `BLOCKED_BY_RELU`, and else of 0.

    ``argmax``: (rows, C) uint8; the others as there.
    """
    shares = gradient.reshape(-1)
    cells = argmax.reshape(-1)
    values = rows.reshape(-1)
    totals = sums.reshape(-1)
    count, channels = rows.shape
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walks = (shares, c, channels), (cells, c, channels), (values, c, channels)
        _add_passed_gradient_sums(count, *walks, (mean, c), (totals, c), (totals, channels + c))
    for row in range(count):
        for c in range(whole, channels):
            if cells[row * channels + c] != BLOCKED_BY_RELU:
                share = shares[row * channels + c]
                sums[0, c] += share
                sums[1, c] += np.float64(share) * (values[row * channels + c] - mean[c])


@intrinsic
def _add_rows(typing, count, rows, sums):
    """``sums += Σ rows`` for one vector, over ``count`` rows.

    ``rows`` is (flat float32 array, index of the first element, from row to row), ``sums`` (flat
    float64 array, index of the first).
    """

    def generate(context, builder, signature, arguments):
        count, *walks = arguments
        rows, (sums,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]

        def add(totals, rows):
            return [builder.fadd(totals[0], _doubles(builder, load(builder, rows)))]

        _add_sums(builder, count, [rows], add, [sums])
        return context.get_dummy_value()

    return types.void(count, rows, sums), generate


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

        def add(totals, rows, argmax):
            return [builder.fadd(totals[0], _doubles(builder, _passed(builder, rows, argmax)))]

        _add_sums(builder, count, [rows, argmax], add, [sums])
        return context.get_dummy_value()

    return types.void(count, rows, argmax, sums), generate


@intrinsic
def _add_moments(typing, count, rows, shift, sums, squares):
    """`add_moments` of one vector, over ``count`` rows.

    ``rows`` is (flat array, index of the first element, from row to row), the others without the
    last. ``sums`` and ``squares`` are float64, the others are float32.
    """

    def generate(context, builder, signature, arguments):
        count, *walks = arguments
        rows, (shift,), (sums,), (squares,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]
        shift = _doubles(builder, load(builder, shift))

        def add(totals, rows):
            deviation = builder.fsub(_doubles(builder, load(builder, rows)), shift)
            return _with_product(builder, totals, deviation, deviation)

        _add_sums(builder, count, [rows], add, [sums, squares])
        return context.get_dummy_value()

    return types.void(count, rows, shift, sums, squares), generate


@intrinsic
def _add_gradient_sums(typing, count, gradient, rows, mean, sums, products):
    """`add_gradient_sums` of one vector, over ``count`` rows.

    ``gradient`` and ``rows`` are (flat array, index of the first element, from row to row), the
    others without the last. ``sums`` and ``products`` are float64, the others are float32.
    """

    def generate(context, builder, signature, arguments):
        count, *walks = arguments
        gradient, rows, (mean,), (sums,), (products,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]
        mean = load(builder, mean)

        def add(totals, gradient, rows):
            gradient = _doubles(builder, load(builder, gradient))
            distance = _doubles(builder, builder.fsub(load(builder, rows), mean))
            return _with_product(builder, totals, gradient, distance)

        _add_sums(builder, count, [gradient, rows], add, [sums, products])
        return context.get_dummy_value()

    return types.void(count, gradient, rows, mean, sums, products), generate


@intrinsic
def _add_passed_gradient_sums(typing, count, gradient, argmax, rows, mean, sums, products):
    """`add_passed_gradient_sums` of one vector, over ``count`` rows.

    The arguments are as in `_add_gradient_sums`, and ``argmax`` as in `_add_passed`.
    """

    def generate(context, builder, signature, arguments):
        count, *walks = arguments
        gradient, argmax, rows, (mean,), (sums,), (products,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]
        mean = load(builder, mean)

        def add(totals, gradient, argmax, rows):
            gradient = _doubles(builder, _passed(builder, gradient, argmax))
            distance = _doubles(builder, builder.fsub(load(builder, rows), mean))
            return _with_product(builder, totals, gradient, distance)

        _add_sums(builder, count, [gradient, argmax, rows], add, [sums, products])
        return context.get_dummy_value()

    return types.void(count, gradient, argmax, rows, mean, sums, products), generate


def _passed(builder, rows, argmax):
    """The vector of ``rows``, with 0 where ``argmax`` says that ReLU let nothing through."""
    blocked = broadcast(builder, BYTE(BLOCKED_BY_RELU))
    is_blocked = builder.icmp_unsigned("==", load_bytes(builder, argmax), blocked)
    return builder.select(is_blocked, ZERO_VECTOR, load(builder, rows))


def _doubles(builder, vector):
    """The floats as float64."""
    return builder.fpext(vector, DOUBLES)


def _with_product(builder, totals, a, b):
    """Two totals: the first with ``a`` added to it, the second with ``a · b``."""
    kind = ir.FunctionType(DOUBLES, [DOUBLES] * 3)
    name = f"llvm.fmuladd.v{VECTOR_WIDTH}f64"
    fma = cgutils.get_or_insert_function(builder.module, kind, name)
    total, products = totals
    return [builder.fadd(total, a), builder.call(fma, [a, b, products])]


def _add_sums(builder, count, walks, add, sums):
    """Let ``add`` of the totals and the walks' addresses grow for ``count`` rows; into memory.

    ``sums``: the addresses of as many vectors of float64 as there are totals.
    """
    starts = [start for start, _ in walks]
    zeros = [ir.Constant(DOUBLES, [0.0] * VECTOR_WIDTH)] * len(sums)
    accumulators = ACCUMULATORS // len(sums)

    def one(totals, *addresses):
        totals = add(totals, *addresses)
        pairs = zip(addresses, walks, strict=True)
        return totals, *[builder.gep(address, [down]) for address, (_, down) in pairs]

    def several(parts, *addresses):
        new = []
        for totals in parts:
            totals, *addresses = one(totals, *addresses)
            new.append(totals)
        return new, *addresses

    times = builder.sdiv(count, INDEX(accumulators))
    parts, *addresses = repeat(builder, times, several, ([zeros] * accumulators, *starts))
    left = builder.srem(count, INDEX(accumulators))
    first, *_ = repeat(builder, left, one, (parts[0], *addresses))
    for address, *totals in zip(sums, first, *parts[1:], strict=True):
        address = builder.bitcast(address, DOUBLES.as_pointer())
        sum_ = builder.load(address, align=DOUBLE_BYTES)
        for total in totals:
            sum_ = builder.fadd(sum_, total)
        builder.store(sum_, address, align=DOUBLE_BYTES)
