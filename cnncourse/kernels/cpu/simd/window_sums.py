"""The micro-kernel for the kernel's gradient where a row of the window has few values.

So it is in a first layer, on one channel. A register block of `micro_kernel` takes its columns from
one row of the window: too few, for each sum has to wait for its last multiply-add. Here a block
takes several rows, whose values lie at fixed distances from each row's first; so it is compiled for
the size of the window that somebody asks for.
"""

from functools import cache

from numba.core import types
from numba.extending import intrinsic

from .instructions import INDEX
from .micro_kernel import NEXT, block_sums, call_of, from_address, one_value
from .on_demand import address_of
from .tap_sums import add_block

SIGNATURE = types.void(*[types.intp] * 15)  # counts, addresses and distances


@intrinsic
def window_sums(typing, function, height, run, vectors, rows, steps, left, right, out):
    """``out[u, r] += Σ left[u, r] · right`` for ``height`` rows of a window of ``run`` values each.

    ``right`` and ``out`` have ``vectors`` vectors; ``function`` is what `address_of_window_sums`
    gives for these three numbers, whose product is at most `BLOCK_SUMS`. The sum runs over ``rows``
    rows of ``steps`` steps: positions. Arrays are flat float32 arrays, each given with the index of
    its first element and the distances in it, in elements:

    - ``left``: (array, first, from one row of the window to the next, from row to row, from step
      to step); the values of a row of the window lie side by side;
    - ``right``: (array, first, from row to row, from step to step);
    - ``out``: (array, first, from one row of the window to the next, from value to value).

    Nothing checks the indices.
    """
    return call_of(None, 5, left, right, out, least=False)


@intrinsic(prefer_literal=True)
def _sums_of(typing, height, run, vectors, rows, steps, left, right, out):
    """The loops for ``height`` rows of ``run`` values; the walks: (address, distances in bytes)."""
    lines, columns, wide = [kind.literal_value for kind in (height, run, vectors)]

    def generate(context, builder, signature, arguments):
        builder.function.attributes.add("alwaysinline")  # into the function that C code calls
        _, _, _, rows, steps, *walks = arguments
        left, right, (out, out_down, across) = [from_address(builder, walk) for walk in walks]
        start, down, *distances = left
        block = columns, wide, rows, steps, (start, None, *distances), right
        sums = block_sums(builder, one_value, *block, lines=lines, down=down)
        for u in range(lines):
            line = sums[u * columns : (u + 1) * columns]
            first = builder.gep(out, [builder.mul(out_down, INDEX(u))])
            add_block(builder, line, (first, across, NEXT))
        return context.get_dummy_value()

    return types.void(height, run, vectors, rows, steps, left, right, out), generate


@cache
def _for_window(height, run, vectors):
    """The function for this size. It does not need to be told, but who reads its calls does."""

    def compiled(
        _height, _run, _vectors, rows, steps,
        left, left_down, left_row, left_step,
        right, right_row, right_step,
        out, out_down, out_across,
    ):  # fmt: skip
        """`window_sums` as a function that C code can call: addresses, and distances in bytes."""
        _sums_of(
            height, run, vectors, rows, steps,
            (left, left_down, left_row, left_step),
            (right, right_row, right_step),
            (out, out_down, out_across),
        )  # fmt: skip

    return compiled


def address_of_window_sums(height, run, vectors):
    """What `window_sums` wants as its function; compiled when somebody asks for it first."""
    return address_of(_for_window(height, run, vectors), SIGNATURE)
