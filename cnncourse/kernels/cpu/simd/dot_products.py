"""Dot products: sums of products along the vectors, which are added up at the end.

`micro_kernel` needs neighbouring results to fill its vectors. Where there are few, the vectors can
run along the sum instead: ``VECTOR_WIDTH`` results are computed at once, each in a vector of
partial sums; at the end, the partial sums in each vector are added.
"""

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .instructions import (
    FLOAT_BYTES,
    INDEX,
    ZERO_VECTOR,
    for_each_size,
    load,
    multiply_add,
    opaque,
    repeat,
    store,
    walk_of,
)
from .vector_width import VECTOR_WIDTH

TAPS = min(VECTOR_WIDTH - 1, 7)  # the widest window that leaves registers for the sums
COLUMNS_OF_AN_ADDRESS = 4  # as in `micro_kernel`


@intrinsic
def dot_products(typing, steps, left, right, out):
    """``out[column] += Σ left[column] · right`` for ``VECTOR_WIDTH`` columns of ``steps`` vectors.

    Arrays are flat float32 arrays: ``left`` (array, index of the first element, from column to
    column), ``right`` and ``out`` (array, index of the first element). Nothing checks the indices.
    """

    def generate(context, builder, signature, arguments):
        steps, *walks = arguments
        left, right, (out,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[1:], walks, strict=True)
        ]
        once = INDEX(0)  # there is one row, so the distance to the next one does not matter
        sums = _sums(builder, 1, INDEX(1), steps, (*left, once), (*right, once, once))
        store(builder, builder.fadd(load(builder, out), _horizontal_sums(builder, sums)), out)
        return context.get_dummy_value()

    return types.void(steps, left, right, out), generate


@intrinsic
def shared_dot_products(typing, taps, rows, steps, left, right, out):
    """``out[column + tap] += Σ left[column] · right[tap]`` for all columns and taps.

    There are ``taps`` taps, 1 to ``TAPS``, and as many columns as make ``VECTOR_WIDTH`` results.
    The sum runs over ``rows`` rows of ``steps`` vectors, which lie side by side. Arrays are flat
    float32 arrays:

    - ``left``: (array, index of the first element, from column to column, from row to row);
    - ``right``: (array, index of the first element, from tap to tap, from row to row);
    - ``out``: (array, index of the first element).
    """

    def generate(context, builder, signature, arguments):
        taps, rows, steps, *walks = arguments
        left, right, (out,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[3:], walks, strict=True)
        ]

        def block(taps):
            sums = _sums(builder, taps, rows, steps, left, right)
            store(builder, builder.fadd(load(builder, out), _horizontal_sums(builder, sums)), out)

        for_each_size(builder, taps, TAPS, block)
        return context.get_dummy_value()

    return types.void(taps, rows, steps, left, right, out), generate


def _sums(builder, taps, rows, steps, left, right):
    """The loops over rows and steps: ``VECTOR_WIDTH`` vectors of partial sums, one a result.

    ``taps`` is an int, ``rows`` and ``steps`` are values of the generated code; ``left`` and
    ``right`` are walks, with distances (column, row) and (tap, row).
    """
    left, left_column, left_row = left
    right, right_tap, right_row = right
    vector = INDEX(VECTOR_WIDTH * FLOAT_BYTES)
    columns = VECTOR_WIDTH - taps + 1
    skips = [builder.mul(left_column, INDEX(k)) for k in range(COLUMNS_OF_AN_ADDRESS)]
    four = builder.mul(left_column, INDEX(COLUMNS_OF_AN_ADDRESS))

    def row(sums, left, right):
        fourths = [left]  # every fourth column has an address of its own, as in `micro_kernel`
        while COLUMNS_OF_AN_ADDRESS * len(fourths) < columns:
            fourths.append(opaque(builder, builder.gep(fourths[-1], [four])))
        sums, _, _ = repeat(builder, steps, step, (sums, fourths, right))
        return sums, builder.gep(left, [left_row]), builder.gep(right, [right_row])

    def step(sums, fourths, right):
        addresses = [builder.gep(right, [builder.mul(right_tap, INDEX(k))]) for k in range(taps)]
        factors = [load(builder, address) for address in addresses]
        new = list(sums)
        for column in range(columns):
            group, beyond = divmod(column, COLUMNS_OF_AN_ADDRESS)
            values = load(builder, builder.gep(fourths[group], [skips[beyond]]))
            for tap, factor in enumerate(factors):
                new[column + tap] = multiply_add(builder, values, factor, new[column + tap])
        fourths = [opaque(builder, builder.gep(address, [vector])) for address in fourths]
        return new, fourths, builder.gep(right, [vector])

    return repeat(builder, rows, row, ([ZERO_VECTOR] * VECTOR_WIDTH, left, right))[0]


def _horizontal_sums(builder, vectors):
    """The sum of the elements of each of ``VECTOR_WIDTH`` vectors: one vector of these sums.

    Two vectors become one that holds half as many partial sums of each, until one holds them all.
    """
    width = VECTOR_WIDTH  # partial sums of one result in a vector, side by side
    while len(vectors) > 1:
        first_halves = [k for k in range(VECTOR_WIDTH) if k % width < width // 2]
        second_halves = [k + width // 2 for k in first_halves]
        vectors = [
            builder.fadd(
                _shuffled(builder, pair, first_halves), _shuffled(builder, pair, second_halves)
            )
            for pair in zip(vectors[0::2], vectors[1::2], strict=True)
        ]
        width //= 2
    return vectors[0]


def _shuffled(builder, pair, elements):
    """A vector of these elements of the first of two vectors, and then of the second."""
    indices = [*elements, *[VECTOR_WIDTH + element for element in elements]]
    return builder.shuffle_vector(
        *pair, ir.Constant(ir.VectorType(ir.IntType(32), VECTOR_WIDTH), indices)
    )
