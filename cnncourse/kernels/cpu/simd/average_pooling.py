"""Weighted means of windows side by side, and back: the inner loops of average pooling."""

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from ...compiled_code import jit
from .fma import fma
from .instructions import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    ZERO_VECTOR,
    broadcast,
    load,
    multiply_add,
    repeat,
    store,
    walk_of,
)
from .vector_width import VECTOR_WIDTH


@jit
def weighted_means(count, channels, pixels, weights, window, total, out):
    """``out = Σ weights · pixels / total``, for ``count`` windows in a row.

    Arrays are flat float32 arrays, each given with the index of its first element: ``pixels``
    (array, first, from row to row, from pixel to pixel, from window to window), ``weights`` (array,
    first, from row to row). ``window``: (rows, columns); ``total``: float32; ``out``: (flat float32
    array, first), where one window's channels follow the other's.
    """
    source, source_first, down, across, step = pixels
    cells, cell, row = weights
    target, target_first = out
    vectors = channels // VECTOR_WIDTH
    whole = vectors * VECTOR_WIDTH
    _weighted_means(count, vectors, channels, pixels, weights, window, total, out)
    for k in range(count if whole < channels else 0):
        first = target_first + k * channels
        sums = target[first + whole : first + channels]
        sums[:] = 0
        for u in range(window[0]):
            for v in range(window[1]):
                weight = cells[cell + u * row + v]
                start = source_first + k * step + u * down + v * across
                values = source[start + whole : start + channels]
                for c in range(len(sums)):
                    sums[c] = fma(weight, values[c], sums[c])
        for c in range(len(sums)):
            sums[c] /= total


@intrinsic
def _weighted_means(typing, count, vectors, channels, pixels, weights, window, total, out):
    """`weighted_means` of so many ``vectors`` of the channels."""

    def generate(context, builder, signature, arguments):
        count, vectors, channels, pixels, weights, window, total, out = arguments
        _, _, _, pixel_kind, weight_kind, _, _, out_kind = signature.args
        start, down, across, step = walk_of(context, builder, pixel_kind, pixels)
        first_weight, weights_down = walk_of(context, builder, weight_kind, weights)
        (target,) = walk_of(context, builder, out_kind, out)
        rows, columns = cgutils.unpack_tuple(builder, window)
        total = broadcast(builder, total)
        one = INDEX(FLOAT_BYTES)
        vector = INDEX(FLOAT_BYTES * VECTOR_WIDTH)

        def means(start, target):
            repeat(builder, vectors, mean, (start, target))
            beyond = builder.gep(target, [builder.mul(channels, one)])
            return builder.gep(start, [step]), beyond

        def mean(start, target):
            begin = ZERO_VECTOR, start, first_weight
            sums, *_ = repeat(builder, rows, row, begin)
            store(builder, builder.fdiv(sums, total), target)
            return builder.gep(start, [vector]), builder.gep(target, [vector])

        def row(sums, start, weight):
            sums, *_ = repeat(builder, columns, cell, (sums, start, weight))
            return sums, builder.gep(start, [down]), builder.gep(weight, [weights_down])

        def cell(sums, start, weight):
            value = builder.load(builder.bitcast(weight, FLOAT.as_pointer()))
            sums = multiply_add(builder, broadcast(builder, value), load(builder, start), sums)
            return sums, builder.gep(start, [across]), builder.gep(weight, [one])

        repeat(builder, count, means, (start, target))
        return context.get_dummy_value()

    return types.void(count, vectors, channels, pixels, weights, window, total, out), generate


@jit
def add_scaled(count, channels, factor, pixels, anew, sums):
    """``sums += factor · pixels``, for ``count`` pixels of ``channels`` channels.

    ``pixels`` and ``sums``: (flat float32 array, index of the first element, from pixel to pixel),
    not of the same array; ``factor``: float32; ``anew``: whether ``sums`` count as 0 before.
    """
    source, source_first, source_step = pixels
    target, target_first, target_step = sums
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walk = source, source_first + c, source_step
        _add_scaled(count, factor, walk, anew, (target, target_first + c, target_step))
    for k in range(count if whole < channels else 0):
        start = source_first + k * source_step
        values = source[start + whole : start + channels]
        start = target_first + k * target_step
        totals = target[start + whole : start + channels]
        for c in range(len(totals)):
            totals[c] = fma(factor, values[c], np.float32(0) if anew else totals[c])


@intrinsic
def _add_scaled(typing, count, factor, pixels, anew, sums):
    """`add_scaled` for one vector of channels."""

    def generate(context, builder, signature, arguments):
        count, factor, pixels, anew, sums = arguments
        _, _, pixel_kind, _, sum_kind = signature.args
        factor = broadcast(builder, factor)
        source, source_step = walk_of(context, builder, pixel_kind, pixels)
        target, target_step = walk_of(context, builder, sum_kind, sums)

        def walk(before):
            def pixel(source, target):
                total = multiply_add(builder, factor, load(builder, source), before(target))
                store(builder, total, target)
                return builder.gep(source, [source_step]), builder.gep(target, [target_step])

            repeat(builder, count, pixel, (source, target))

        with builder.if_else(anew) as (first, more):
            with first:
                walk(lambda target: ZERO_VECTOR)
            with more:
                walk(lambda target: load(builder, target))
        return context.get_dummy_value()

    return types.void(count, factor, pixels, types.boolean, sums), generate
