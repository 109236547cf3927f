"""The micro-kernel for one vector: a value that is loaded once serves neighbouring windows.

Where there is only one vector of filters, each value that `micro_kernel` loads feeds one
multiply-add, and the loads hold it up. But windows that slide by one pixel overlap: the same value
lies under the first cell (*tap*) of one window, the second of the window before, the third of the
one before that. `tap_kernel` keeps the weights of all taps of a window's row in registers, and
multiplies each value with them all.
"""

from numba.core import types
from numba.extending import intrinsic

from .instructions import (
    FLOAT,
    INDEX,
    ZERO_VECTOR,
    broadcast,
    for_each_size,
    load,
    multiply_add,
    opaque,
    repeat,
)
from .micro_kernel import (
    COLUMNS_OF_AN_ADDRESS,
    SIGNATURE,
    call_of,
    finish_block,
    from_address,
    prefetch_block,
)
from .on_demand import address_of
from .vector_width import REGISTERS

TAPS = 3  # the width of the window
# sums, weights and one value are in registers; more sums than these would gain nothing
TAP_COLUMNS = min(16, REGISTERS - TAPS - 1)


@intrinsic
def tap_kernel(typing, function, columns, rows, steps, left, right, addend, out, least):
    """A sum like `micro_kernel`'s, where the windows of neighbouring columns overlap.

    ``out[column] = max(addend[column] + Σ left[column + tap] · right[tap], least)``: the sum runs
    over ``rows`` rows of ``steps`` steps, at each of which there are `TAPS` taps. Arrays are flat
    float32 arrays, each given with the index of its first element and the distances in it, in
    elements:

    - ``left``: (array, first, from column to column, from row to row, from step to step);
    - ``right``: (array, first, from tap to tap, from row to row, from step to step);
    - ``addend`` and ``out``: (array, first, from column to column). They may be the same.

    ``function`` is what `address_of_tap_kernel` gives; ``columns`` is 1 to `TAP_COLUMNS`;
    ``right``, ``addend`` and ``out`` have one vector each. Nothing checks the indices.
    """
    return call_of(None, 3, left, right, addend, out)


@intrinsic
def _every_tap_block(typing, columns, rows, steps, left, right, addend, out, least):
    """The loops for a register block of each size; the arguments as in `_every_register_block`."""

    def generate(context, builder, signature, arguments):
        builder.function.attributes.add("alwaysinline")  # into the function that C code calls
        count, rows, steps, *walks, least = arguments
        left, right, addend, out = [from_address(builder, walk) for walk in walks]

        def block(columns):
            prefetch_block(builder, columns, 1, out)
            sums = _sums(builder, columns, rows, steps, left, right)
            finish_block(builder, [[total] for total in sums], addend, out, least)

        for_each_size(builder, count, TAP_COLUMNS, block)
        return context.get_dummy_value()

    return types.void(columns, rows, steps, left, right, addend, out, types.float32), generate


def _sums(builder, columns, rows, steps, left, right):
    """The loops over rows and steps: a list of sums, one for each column.

    ``columns`` is an int, ``rows`` and ``steps`` are values of the generated code; ``left`` and
    ``right`` are walks, with distances (column, row, step) and (tap, row, step).
    """
    left, left_column, left_row, left_step = left
    right, right_tap, right_row, right_step = right
    left_column = opaque(builder, left_column)
    twice = builder.mul(left_column, INDEX(2))
    thrice = opaque(builder, builder.mul(left_column, INDEX(3)))
    seen = columns + TAPS - 1  # values in a row, under the windows of all columns
    # every fourth value has an address of its own, as in `micro_kernel`
    skips = [builder.mul(left_column, INDEX(k)) for k in range(0, seen, COLUMNS_OF_AN_ADDRESS)]
    taps = [builder.mul(right_tap, INDEX(k)) for k in range(TAPS)]

    def row(sums, left, right):
        fourths = [opaque(builder, builder.gep(left, [skip])) for skip in skips]
        sums, _, _ = repeat(builder, steps, step, (sums, fourths, right))
        return sums, builder.gep(left, [left_row]), builder.gep(right, [right_row])

    def step(sums, fourths, right):
        weights = [load(builder, builder.gep(right, [tap])) for tap in taps]
        new = list(sums)
        for place in range(seen):
            group, beyond = divmod(place, COLUMNS_OF_AN_ADDRESS)
            address = fourths[group]
            if beyond:
                address = builder.gep(address, [(left_column, twice, thrice)[beyond - 1]])
            value = broadcast(builder, builder.load(builder.bitcast(address, FLOAT.as_pointer())))
            for tap, weight in enumerate(weights):
                if 0 <= place - tap < columns:
                    new[place - tap] = multiply_add(builder, value, weight, new[place - tap])
        fourths = [opaque(builder, builder.gep(address, [left_step])) for address in fourths]
        return new, fourths, builder.gep(right, [right_step])

    return repeat(builder, rows, row, ([ZERO_VECTOR] * columns, left, right))[0]


def _compiled(
    columns, rows, steps,
    left, left_column, left_row, left_step,
    right, right_tap, right_row, right_step,
    addend, addend_column,
    out, out_column,
    least,
):  # fmt: skip
    """`tap_kernel` as a function that C code can call: addresses, and distances in bytes."""
    _every_tap_block(
        columns, rows, steps,
        (left, left_column, left_row, left_step),
        (right, right_tap, right_row, right_step),
        (addend, addend_column),
        (out, out_column),
        least,
    )  # fmt: skip


def address_of_tap_kernel():
    """What `tap_kernel` wants as its function; compiled when somebody asks for it first."""
    return address_of(_compiled, SIGNATURE)
