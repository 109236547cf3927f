"""The sums of batch normalisation and of its gradient, each in one walk over the rows."""

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from ...compiled_code import jit
from .column_sums import DOUBLES, doubles, sum_down
from .instructions import load, multiply_add, walk_of
from .passed import load_passed, passed, walks_of
from .vector_width import VECTOR_WIDTH


@jit
def add_moments(sums, rows, first, last, shift):
    """``sums += Σ (rows − shift), Σ (rows − shift)²``, rounded as float64 only.

    ``sums``: (2, C) float64; ``rows``: (rows, C) float32, from the ``first`` to the ``last``;
    ``shift``: (C,) float32.
    """
    channels = rows.shape[1]
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walk = rows, first * channels + c, channels
        _add_moments(last - first, walk, (shift, c), (sums, c), (sums, channels + c))
    for row in range(first, last):
        for c in range(whole, channels):
            deviation = np.float64(rows[row, c]) - np.float64(shift[c])
            sums[0, c] += deviation
            sums[1, c] += deviation * deviation


@intrinsic
def _add_moments(typing, count, rows, shift, sums, squares):
    """`add_moments` of one vector, over ``count`` rows.

    ``rows`` is (array, flat index of the first element, from row to row), the others without the
    last. ``sums`` and ``squares`` are float64, the others are float32.
    """

    def generate(context, builder, signature, arguments):
        count, *walks = arguments
        rows, (shift,), *sums = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]
        shift = doubles(builder, load(builder, shift))

        def add(totals, rows):
            deviation = builder.fsub(doubles(builder, load(builder, rows)), shift)
            total, squares = totals
            squares = _multiply_add_doubles(builder, deviation, deviation, squares)
            return [builder.fadd(total, deviation), squares]

        sum_down(builder, count, [rows], add, [sum_ for (sum_,) in sums], DOUBLES)
        return context.get_dummy_value()

    return types.void(count, rows, shift, sums, squares), generate


def _multiply_add_doubles(builder, a, b, c):
    """``a · b + c`` of vectors of float64."""
    kind = ir.FunctionType(DOUBLES, [DOUBLES] * 3)
    name = f"llvm.fmuladd.v{VECTOR_WIDTH}f64"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [a, b, c])


@jit
def add_gradient_sums(sums, gradient, argmax, rows, first, last, mean):
    """Add to ``sums`` the gradient, and the gradient times the distance from the mean.

    ``sums``: (2, C) float64; ``gradient`` and ``rows``: (rows, C) float32, from row ``first`` to
    ``last``; ``argmax``: (rows, C) uint8, or ``None``: what ReLU blocked counts as 0;
    ``mean``: (C,) float32.
    """
    channels = rows.shape[1]
    whole = channels // VECTOR_WIDTH * VECTOR_WIDTH
    for c in range(0, whole, VECTOR_WIDTH):
        walk = first * channels + c, channels
        _add_gradient_sums(
            last - first, (gradient, *walk), (argmax, *walk), (rows, *walk),
            (mean, c), (sums, c), (sums, channels + c),
        )  # fmt: skip
    for row in range(first, last):
        for c in range(whole, channels):
            share = np.float64(passed(gradient, argmax, row, c))
            sums[0, c] += share
            sums[1, c] += share * (rows[row, c] - mean[c])


@intrinsic
def _add_gradient_sums(typing, count, gradient, argmax, rows, mean, sums, products):
    """`add_gradient_sums` of one vector, over ``count`` rows.

    ``gradient``, ``argmax`` and ``rows`` are (array, flat index of the first element, from row to
    row), the others without the last; in place of ``argmax``'s array may be ``None``. ``sums`` and
    ``products`` are float64.
    """

    def generate(context, builder, signature, arguments):
        count, gradient, argmax, *walks = arguments
        _, gradient_kind, argmax_kind, *kinds = signature.args
        rows, (mean,), *sums = [
            walk_of(context, builder, kind, walk) for kind, walk in zip(kinds, walks, strict=True)
        ]
        walks = [rows, walk_of(context, builder, gradient_kind, gradient)]
        walks += walks_of(context, builder, argmax_kind, argmax)
        mean = load(builder, mean)

        def add(totals, rows, *gradient):
            total, products = totals
            share = load_passed(builder, *gradient)
            distance = builder.fsub(load(builder, rows), mean)
            return [builder.fadd(total, share), multiply_add(builder, share, distance, products)]

        sum_down(builder, count, walks, add, [sum_ for (sum_,) in sums])
        return context.get_dummy_value()

    return types.void(count, gradient, argmax, rows, mean, sums, products), generate
