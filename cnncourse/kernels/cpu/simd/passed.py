"""What ReLU let through of a gradient, as ``argmax`` remembers it.

``argmax`` is `BLOCKED_BY_RELU` where ReLU let nothing through. Where there was no ReLU, it is
``None`` in place of an array: numba compiles a function anew for that, and nothing is asked.
"""

from numba.core import types

from ...compiled_code import jit
from ...contract import BLOCKED_BY_RELU
from .instructions import BYTE, ZERO_VECTOR, broadcast, load, load_bytes, walk_of


@jit
def passed(gradient, argmax, row, column):
    """``gradient[row, column]``, or 0 where ReLU let nothing through."""
    if argmax is not None and argmax[row, column] == BLOCKED_BY_RELU:
        return gradient.dtype.type(0)
    return gradient[row, column]


def walks_of(context, builder, kind, walk):
    """A list of the walk through an array, and an empty one if there is ``None`` in its place."""
    return [] if kind[0] == types.none else [walk_of(context, builder, kind, walk)]


def load_passed(builder, gradient, *argmax):
    """The vector of ``gradient``, with 0 where ReLU let nothing through; both are addresses."""
    vector = load(builder, gradient)
    for address in argmax:
        blocked = broadcast(builder, BYTE(BLOCKED_BY_RELU))
        is_blocked = builder.icmp_unsigned("==", load_bytes(builder, address), blocked)
        vector = builder.select(is_blocked, ZERO_VECTOR, vector)
    return vector
