"""The micro-kernel for a kernel's gradient: `tap_kernel`, seen from the weights.

In the course of the sum, each pixel lies under each tap of the window's row. So a value that is
loaded once is multiplied with the gradients of as many neighbouring positions: they are the vectors
of a register block, whose columns are the pixel's channels.
"""

from numba.core import types
from numba.extending import intrinsic

from .instructions import INDEX, for_each_size, load, store
from .micro_kernel import block_sums, call_of, from_address, one_value
from .on_demand import address_of
from .tap_kernel import TAPS
from .vector_width import REGISTERS

CHANNELS = (REGISTERS - TAPS - 1) // TAPS  # of a register block
SIGNATURE = types.void(*[types.intp] * 14)  # counts, addresses and distances


@intrinsic
def tap_sums(typing, function, channels, rows, steps, left, right, out):
    """``out[channel, tap] += Σ left[channel] · right[tap]`` for `TAPS` taps of one vector each.

    The sum runs over ``rows`` rows of ``steps`` steps. Arrays are flat float32 arrays, each given
    with the index of its first element and the distances in it, in elements:

    - ``left``: (array, first, from channel to channel, from row to row, from step to step);
    - ``right``: (array, first, from tap to tap, from row to row, from step to step);
    - ``out``: (array, first, from channel to channel, from tap to tap).

    ``function`` is what `address_of_tap_sums` gives; ``channels`` is 1 to `CHANNELS`. Nothing
    checks the indices.
    """
    return call_of(None, 3, left, right, out, least=False)


@intrinsic
def _every_block_of_channels(typing, channels, rows, steps, left, right, out):
    """The loops for a register block of each size; the walks: (address, distances in bytes)."""

    def generate(context, builder, signature, arguments):
        builder.function.attributes.add("alwaysinline")  # into the function that C code calls
        count, rows, steps, *walks = arguments
        left, (first, tap, *right), out = [from_address(builder, walk) for walk in walks]

        def block(channels):
            walks = left, (first, *right)
            sums = block_sums(builder, one_value, channels, TAPS, rows, steps, *walks, apart=tap)
            add_block(builder, sums, out)

        for_each_size(builder, count, CHANNELS, block)
        return context.get_dummy_value()

    return types.void(channels, rows, steps, left, right, out), generate


def add_block(builder, sums, out):
    """Add a register block's sums, a list of vectors for each column, to what is in memory.

    ``out``: (address, from column to column, from vector to vector), in bytes.
    """
    start, across, apart = out
    for column, vectors in enumerate(sums):
        for k, vector in enumerate(vectors):
            skips = builder.mul(across, INDEX(column)), builder.mul(apart, INDEX(k))
            address = builder.gep(start, [builder.add(*skips)])
            store(builder, builder.fadd(load(builder, address), vector), address)


def _compiled(
    channels, rows, steps,
    left, left_channel, left_row, left_step,
    right, right_tap, right_row, right_step,
    out, out_channel, out_tap,
):  # fmt: skip
    """`tap_sums` as a function that C code can call: addresses, and distances in bytes."""
    _every_block_of_channels(
        channels, rows, steps,
        (left, left_channel, left_row, left_step),
        (right, right_tap, right_row, right_step),
        (out, out_channel, out_tap),
    )  # fmt: skip


def address_of_tap_sums():
    """What `tap_sums` wants as its function; compiled when somebody asks for it first."""
    return address_of(_compiled, SIGNATURE)
