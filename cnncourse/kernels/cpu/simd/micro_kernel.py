"""The micro-kernel: the multiply-adds of all convolutions and dense layers, by SIMD instructions.

Convolution, both its gradients and the matrix product (*GEMM*, general matrix multiplication) are
the same sum

    out[column, k] = Σ left[column, step] · right[step, k]

and differ only in how they walk through their arrays. `micro_kernel` computes such a sum for up to
``COLUMNS`` columns and two vectors of neighbouring k. What makes it fast is *register blocking*:
its sums, the *register block*, stay in registers from the first step to the last. A step loads two
vectors of ``right``, and for each column one value of ``left`` that is multiplied with both and
added, by fused multiply-adds (FMA). So each load feeds many multiply-adds.

Only `instructions` written one by one can promise that.

Source: K. Goto and R. van de Geijn, *Anatomy of High-Performance Matrix Multiplication*, 2008, for
the blocking; F. Van Zee and R. van de Geijn, *BLIS: A Framework for Rapidly Instantiating BLAS
Functionality*, 2015, for the name.
"""

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import cfunc
from numba.core import cgutils, types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from ...compiled_code import with_cache
from .instructions import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    ZERO_VECTOR,
    broadcast,
    for_each_size,
    load,
    multiply_add,
    opaque,
    prefetch_line,
    repeat,
    store,
    walk_of,
)
from .vector_width import BLOCK_VECTORS, COLUMNS, VECTOR_WIDTH

TWO_VECTORS = BLOCK_VECTORS * VECTOR_WIDTH  # floats in a row of a full register block
NEXT = INDEX(VECTOR_WIDTH * FLOAT_BYTES)  # from one vector to the one behind it
NONE = INDEX(0)
NO_LEAST = np.float32(-np.inf)  # as least value, it changes nothing
ZERO = np.float32(0)  # as least value, it is ReLU

# so many columns share a register that holds an address: the others are 1, 2 and 3 columns away
COLUMNS_OF_AN_ADDRESS = 4

# Numba compiles what a parallel function calls again with each of them, and four times at that.
# So the micro-kernel is compiled once, on its own, and called by this name.
SYMBOL = "cnncourse_micro_kernel"
INTEGERS = 15  # counts, addresses and distances that the compiled function takes


def widened(array):
    """The array, with as many zeros more along its last axis as make whole vectors."""
    *outer, last = array.shape
    if last % VECTOR_WIDTH == 0:
        return array
    wide = np.zeros((*outer, last + -last % VECTOR_WIDTH), array.dtype)
    wide[..., :last] = array
    return wide


@intrinsic
def micro_kernel(typing, columns, vectors, rows, steps, left, right, addend, out, least):
    """``out = max(addend + Σ left · right, least)`` for ``columns`` columns of ``vectors`` vectors.

    The sum runs over ``rows`` rows of ``steps`` steps. Arrays are flat float32 arrays, each given
    with the index of its first element and the distances in it, in elements:

    - ``left``: (array, first, from column to column, from row to row, from step to step);
    - ``right``: (array, first, from row to row, from step to step);
    - ``addend`` and ``out``: (array, first, from column to column). They may be the same.

    ``columns`` is 1 to ``COLUMNS``, ``vectors`` 1 or 2. Nothing checks the indices.
    """
    return call_of(SYMBOL, 4, left, right, addend, out)


def call_of(symbol, counts, *walks, cells=None, least=True):
    """What numba wants of an intrinsic like `micro_kernel`: its signature, and how to generate it.

    The generated code calls the function that was compiled as ``symbol``: with whole numbers, and a
    last float for the least value if there is one. ``counts``: how many numbers the intrinsic takes
    before its walks, whose types are the others, and ``cells`` that of a last walk, through bytes.
    Without a ``symbol``, it takes the function's address before them all; so that need not be
    compiled where it is not called.
    """
    last = [types.float32] * least
    address = [types.intp] * (symbol is None)
    for array, *_ in walks:
        _require(array, types.float32, symbol)
    if cells is not None:
        _require(cells[0], types.uint8, symbol)
        walks = *walks, cells

    def generate(context, builder, signature, arguments):
        function, arguments = arguments[: len(address)], arguments[len(address) :]
        integers = list(arguments[:counts])
        for kind, walk in zip(walks, arguments[counts : counts + len(walks)], strict=True):
            start, *distances = walk_of(context, builder, kind, walk)
            integers += [builder.ptrtoint(start, INDEX), *distances]
        compiled = ir.FunctionType(ir.VoidType(), [INDEX] * len(integers) + [FLOAT] * least)
        if symbol is None:
            compiled = builder.inttoptr(*function, compiled.as_pointer())
        else:
            compiled = cgutils.get_or_insert_function(builder.module, compiled, symbol)
        builder.call(compiled, integers + list(arguments[counts + len(walks) :]))
        return context.get_dummy_value()

    return types.void(*address, *[types.intp] * counts, *walks, *last), generate


def _require(array, dtype, symbol):
    if (array.dtype, array.layout) != (dtype, "C"):
        raise TypingError(f"{symbol or 'a kernel'}: expected contiguous {dtype}, got {array}")


@intrinsic
def _every_register_block(typing, columns, vectors, rows, steps, left, right, addend, out, least):
    """The loops for a register block of each size, and the choice among them.

    The arguments are `micro_kernel`'s, but for the walks: (address, distances in bytes).
    """
    return register_blocks_of(one_value, columns, vectors, rows, steps, left, right, addend, out)


def register_blocks_of(values, columns, vectors, rows, steps, left, right, addend, out):
    """What numba wants of an intrinsic like `_every_register_block`, whose types these are.

    ``values``: what a column's address in ``left`` gives to multiply with, a list of vectors.
    """

    def generate(context, builder, signature, arguments):
        builder.function.attributes.add("alwaysinline")  # into the function that C code calls
        columns, vectors, rows, steps, *walks, least = arguments
        left, right, addend, out = [from_address(builder, walk) for walk in walks]
        before = builder.mul(builder.sub(columns, INDEX(1)), INDEX(BLOCK_VECTORS))

        def block(size):  # of 1 × 1, 1 × 2, 2 × 1 vectors and so on
            columns, vectors = [1 + k for k in divmod(size - 1, BLOCK_VECTORS)]
            prefetch_block(builder, columns, vectors, out)
            sums = block_sums(builder, values, columns, vectors, rows, steps, left, right)
            finish_block(builder, sums, addend, out, least)

        size = builder.add(before, vectors)
        for_each_size(builder, size, COLUMNS * BLOCK_VECTORS, block)
        return context.get_dummy_value()

    least = types.float32
    return types.void(columns, vectors, rows, steps, left, right, addend, out, least), generate


def one_value(builder, address, vectors):
    """The value at the address, in every element of ``vectors`` vectors."""
    value = builder.load(builder.bitcast(address, FLOAT.as_pointer()))
    return [broadcast(builder, value)] * vectors


def from_address(builder, walk):
    """The walk, as `walk_of` gives it, that `micro_kernel` has handed over as numbers."""
    start, *distances = cgutils.unpack_tuple(builder, walk)
    return builder.inttoptr(start, cgutils.voidptr_t), *distances


def block_sums(
    builder, values, columns, vectors, rows, steps, left, right, apart=NEXT, lines=1, down=NONE
):
    """The loops over rows and steps: a list of ``vectors`` sums for each column.

    ``values`` as in `register_blocks_of`; ``columns`` and ``vectors`` are ints, ``rows`` and
    ``steps`` values of the generated code; ``left`` and ``right`` are walks, with distances
    (column, row, step) and (row, step); ``None`` from column to column is side by side. ``apart``:
    from one vector of ``right`` to the next. There are ``lines`` lines of as many columns, one
    behind the other in the list, ``down`` apart in ``left``.
    """
    skips_of_vectors = [builder.mul(apart, INDEX(k)) for k in range(vectors)]
    left, left_column, left_row, left_step = left
    right, right_row, right_step = right
    # Few registers hold all addresses: columns share one, and each is so far beyond it.
    if left_column is None:
        beyond = [INDEX(column * FLOAT_BYTES) for column in range(columns)]
        firsts = [NONE]
    else:
        left_column = opaque(builder, left_column)
        thrice = opaque(builder, builder.mul(left_column, INDEX(3)))
        beyond = NONE, left_column, builder.mul(left_column, INDEX(2)), thrice
        every_fourth = range(0, columns, COLUMNS_OF_AN_ADDRESS)
        firsts = [builder.mul(left_column, INDEX(column)) for column in every_fourth]
    skips = [
        builder.add(builder.mul(down, INDEX(line)), first)
        for line in range(lines)
        for first in firsts
    ]

    def row(sums, left, right):
        addresses = [opaque(builder, builder.gep(left, [skip])) for skip in skips]
        sums, _, _ = repeat(builder, steps, step, (sums, addresses, right))
        return sums, builder.gep(left, [left_row]), builder.gep(right, [right_row])

    def step(sums, addresses, right):
        factors = [load(builder, builder.gep(right, [skip])) for skip in skips_of_vectors]
        new = []
        for k, totals in enumerate(sums):
            line, column = divmod(k, columns)
            group, nth = divmod(column, len(beyond))
            address = builder.gep(addresses[line * len(firsts) + group], [beyond[nth]])
            triples = zip(values(builder, address, vectors), factors, totals, strict=True)
            new.append([multiply_add(builder, *triple) for triple in triples])
        addresses = [opaque(builder, builder.gep(address, [left_step])) for address in addresses]
        return new, addresses, builder.gep(right, [right_step])

    zeros = [[ZERO_VECTOR] * vectors for _ in range(lines * columns)]
    return repeat(builder, rows, row, (zeros, left, right))[0]


def prefetch_block(builder, columns, vectors, out):
    """Ask for the memory that will be written, so that it is at hand when the sums are done."""
    start, distance = out
    for column in range(columns):
        for k in range(vectors):
            skip = builder.add(
                builder.mul(distance, INDEX(column)), INDEX(k * VECTOR_WIDTH * FLOAT_BYTES)
            )
            prefetch_line(builder, builder.gep(start, [skip]), to_write=True)


def finish_block(builder, sums, addend, out, least):
    """Add what is to be added, raise to the least value, store."""
    least = broadcast(builder, least)
    for column in range(len(sums)):
        start, to = [
            builder.gep(first, [builder.mul(distance, INDEX(column))])
            for first, distance in (addend, out)
        ]
        for k, total in enumerate(sums[column]):
            total = builder.fadd(total, load(builder, start, k * VECTOR_WIDTH))
            below = builder.fcmp_ordered("<", total, least)  # false for NaN: it stays
            store(builder, builder.select(below, least, total), to, k * VECTOR_WIDTH)


def _compiled(
    columns, vectors, rows, steps,
    left, left_column, left_row, left_step,
    right, right_row, right_step,
    addend, addend_column,
    out, out_column,
    least,
):  # fmt: skip
    """`micro_kernel` as a function that C code can call: addresses, and distances in bytes."""
    _every_register_block(
        columns, vectors, rows, steps,
        (left, left_column, left_row, left_step),
        (right, right_row, right_step),
        (addend, addend_column),
        (out, out_column),
        least,
    )  # fmt: skip


SIGNATURE = types.void(*[types.intp] * INTEGERS, types.float32)
CALLABLE = with_cache(lambda cached: cfunc(SIGNATURE, cache=cached)(_compiled))  # must not be freed
llvm.add_symbol(SYMBOL, CALLABLE.address)
