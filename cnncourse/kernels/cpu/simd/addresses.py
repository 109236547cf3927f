"""Arrays by their addresses, so that compiled code of one type takes any number of them."""

import numpy as np
from numba import carray
from numba.core import cgutils, types
from numba.extending import intrinsic

from ...compiled_code import jit


@jit
def floats_at(address, count):
    """The ``count`` float32 at an ``address``, as a flat array. Nothing checks the address."""
    return carray(_pointer(address), (count,), np.float32)


@intrinsic
def _pointer(typing, address):
    """A number as a pointer."""

    def generate(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), generate
