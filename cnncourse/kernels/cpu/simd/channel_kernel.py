"""The micro-kernel of depthwise convolutions, where each channel has weights of its own.

`micro_kernel` multiplies one value with neighbouring weights, one for each filter. Here
neighbouring values, of as many channels, meet one weight each:

    out[column, k] = Σ left[column, step, k] · right[step, k]

All the rest is the same: the register block of sums, the loops, and how it is compiled once.
"""

from numba.extending import intrinsic

from .instructions import load
from .micro_kernel import SIGNATURE, call_of, register_blocks_of
from .on_demand import address_of
from .vector_width import VECTOR_WIDTH


@intrinsic
def channel_kernel(
    typing, function, columns, vectors, rows, steps, left, right, addend, out, least
):
    """``out = max(addend + Σ left · right, least)`` for ``columns`` columns of ``vectors`` vectors.

    The arguments are those of `micro_kernel`, behind what `address_of_channel_kernel` gives; at
    each step, ``left`` has ``vectors`` vectors for each column.
    """
    return call_of(None, 4, left, right, addend, out)


@intrinsic
def _every_register_block(typing, columns, vectors, rows, steps, left, right, addend, out, least):
    return register_blocks_of(
        _side_by_side, columns, vectors, rows, steps, left, right, addend, out
    )


def _side_by_side(builder, address, vectors):
    """The values from the address on, as ``vectors`` vectors."""
    return [load(builder, address, k * VECTOR_WIDTH) for k in range(vectors)]


def _compiled(
    columns, vectors, rows, steps,
    left, left_column, left_row, left_step,
    right, right_row, right_step,
    addend, addend_column,
    out, out_column,
    least,
):  # fmt: skip
    """`channel_kernel` as a function that C code can call: addresses, and distances in bytes."""
    _every_register_block(
        columns, vectors, rows, steps,
        (left, left_column, left_row, left_step),
        (right, right_row, right_step),
        (addend, addend_column),
        (out, out_column),
        least,
    )  # fmt: skip


def address_of_channel_kernel():
    """What `channel_kernel` wants as its function; compiled when somebody asks for it first."""
    return address_of(_compiled, SIGNATURE)
