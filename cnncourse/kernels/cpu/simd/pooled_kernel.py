"""The micro-kernel with max pooling behind it: sums are pooled before they leave the registers.

To write sums down, only to read them again and throw most of them away, takes time: in a first
layer, where a sum has few terms, longer than to compute them. A register block's columns are here
the positions of whole windows of the pooling, and of each only the largest sum is written.
"""

from functools import cache

from numba.core import types
from numba.extending import intrinsic

from .instructions import (
    BYTE,
    INDEX,
    broadcast,
    for_each_size,
    load,
    store,
    store_bytes,
)
from .max_pooling import after_relu, better_of
from .micro_kernel import block_sums, call_of, from_address, one_value
from .on_demand import address_of
from .vector_width import BLOCK_SUMS, VECTOR_WIDTH

SIGNATURE = types.void(*[types.intp] * 21)  # counts, flags, addresses and distances


@intrinsic
def pooled_kernel(
    typing, function, pool_height, pool_width, vectors, columns, rows, steps, relu, with_argmax,
    left, right, bias, out, argmax,
):  # fmt: skip
    """``out = pool(Σ left · right + bias)``, then ReLU if ``relu``, for ``columns`` windows.

    The windows of the pooling, ``pool_height`` × ``pool_width`` positions, lie side by side. The
    sum runs over ``rows`` rows of ``steps`` steps. Arrays are flat, float32 but for ``argmax``,
    each given with the index of its first element and the distances in it, in elements:

    - ``left``: (array, first, from position to position down and across, from row to row, from
      step to step);
    - ``right``: (array, first, from row to row, from step to step);
    - ``bias``: (array, first);
    - ``out`` and ``argmax``, uint8: (array, first, from column to column). ``argmax`` is written,
      as by ``max_pooling.pool``, if ``with_argmax``.

    ``right``, ``bias``, ``out`` and ``argmax`` have ``vectors`` vectors. ``function`` is what
    `address_of_pooled_kernel` gives for the first three numbers; ``columns`` is 1 to what
    `columns_of` gives for them. Nothing checks the indices.
    """
    return call_of(None, 8, left, right, bias, out, cells=argmax, least=False)


def columns_of(pool_height, pool_width, vectors):
    """The most columns of a register block."""
    return BLOCK_SUMS // (pool_height * pool_width * vectors)


@intrinsic(prefer_literal=True)
def _every_block(
    typing, pool_height, pool_width, vectors, columns, rows, steps, relu, with_argmax,
    left, right, bias, out, argmax,
):  # fmt: skip
    """The register blocks of each number of columns; the walks: (address, distances in bytes)."""
    height, width, count = [kind.literal_value for kind in (pool_height, pool_width, vectors)]

    def generate(context, builder, signature, arguments):
        builder.function.attributes.add("alwaysinline")  # into the function that C code calls
        _, _, _, columns, rows, steps, relu, with_argmax, *walks = arguments
        (left, down, *distances), right, (bias,), out, argmax = [
            from_address(builder, walk) for walk in walks
        ]
        relu, with_argmax = [
            builder.icmp_signed("!=", flag, INDEX(0)) for flag in (relu, with_argmax)
        ]

        def block(columns):
            positions = columns * width  # in each line
            sums = block_sums(
                builder, one_value, positions, count, rows, steps, (left, *distances), right,
                lines=height, down=down,
            )  # fmt: skip
            lines = [sums[line * positions :][:positions] for line in range(height)]
            for column in range(columns):
                windows = [line[column * width :][:width] for line in lines]
                cells = [cell for line in windows for cell in line]
                to, marks = [
                    builder.gep(start, [builder.mul(distance, INDEX(column))])
                    for start, distance in (out, argmax)
                ]
                for k in range(count):
                    _pool(
                        builder, k, [cell[k] for cell in cells], bias, relu, to, marks, with_argmax
                    )

        for_each_size(builder, columns, columns_of(height, width, count), block)
        return context.get_dummy_value()

    numbers = pool_height, pool_width, vectors, columns, rows, steps, relu, with_argmax
    return types.void(*numbers, left, right, bias, out, argmax), generate


def _pool(builder, k, cells, bias, relu, out, argmax, with_argmax):
    """Write vector ``k`` of a window whose cells' sums are ``cells``, before the bias."""
    bias = load(builder, bias, k * VECTOR_WIDTH)
    best = builder.fadd(cells[0], bias)
    best_cell = broadcast(builder, BYTE(0))
    for cell, value in enumerate(cells[1:], start=1):
        value = builder.fadd(value, bias)
        best, best_cell = better_of(builder, best, best_cell, value, BYTE(cell))
    best, best_cell = after_relu(builder, best, best_cell, relu)
    store(builder, best, out, k * VECTOR_WIDTH)
    with builder.if_then(with_argmax):
        store_bytes(builder, best_cell, builder.gep(argmax, [INDEX(k * VECTOR_WIDTH)]))


@cache
def _for_pooling(pool_height, pool_width, vectors):
    """The function for this size. It does not need to be told, but who reads its calls does."""

    def compiled(
        _pool_height, _pool_width, _vectors, columns, rows, steps, relu, with_argmax,
        left, left_down, left_across, left_row, left_step,
        right, right_row, right_step,
        bias,
        out, out_column,
        argmax, argmax_column,
    ):  # fmt: skip
        """`pooled_kernel` as a function that C code can call: addresses, and distances in bytes."""
        _every_block(
            pool_height, pool_width, vectors, columns, rows, steps, relu, with_argmax,
            (left, left_down, left_across, left_row, left_step),
            (right, right_row, right_step),
            (bias,),
            (out, out_column),
            (argmax, argmax_column),
        )  # fmt: skip

    return compiled


def address_of_pooled_kernel(pool_height, pool_width, vectors):
    """What `pooled_kernel` wants as its function; compiled when somebody asks for it first."""
    return address_of(_for_pooling(pool_height, pool_width, vectors), SIGNATURE)
