"""Multiply-adds and nothing else: the loop by which `timing.peak` finds a core's highest speed."""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from .instructions import INDEX, VECTOR, multiply_add
from .vector_width import VECTOR_WIDTH

# Independent sums: a multiply-add takes 4 to 5 cycles, and most CPUs begin two in each. With the
# two factors they fit into 16 registers.
SUMS = 12
OPERATIONS = 2 * SUMS * VECTOR_WIDTH  # in one turn of the loop: a multiply-add is two


@intrinsic
def multiply_adds_only(typing, turns):
    """``turns`` turns of a loop that holds ``SUMS`` vector multiply-adds; one element of their sum.

    Plain loops would not do: LLVM keeps their sums in memory, or simplifies them away.
    """

    def constant(value):
        return ir.Constant(VECTOR, [value] * VECTOR_WIDTH)

    def generate(context, builder, signature, arguments):
        # different starts, or they would all be the same sum
        places = [cgutils.alloca_once_value(builder, constant(float(k))) for k in range(SUMS)]
        with cgutils.for_range(builder, arguments[0], intp=INDEX):
            for place in places:
                factors = constant(0.999), constant(0.001)
                total = multiply_add(builder, builder.load(place), *factors)
                builder.store(total, place)
        total = constant(0.0)
        for place in places:
            total = builder.fadd(total, builder.load(place))
        return builder.extract_element(total, INDEX(0))

    return types.float32(types.intp), generate
