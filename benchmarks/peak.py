"""What this machine can do at most: multiply-adds in registers, and copies from array to array."""

import numpy as np
from llvmlite import ir
from numba import njit, prange
from numba.core import cgutils, types
from numba.extending import intrinsic

from cnncourse.kernels.cpu.vectors import LANES

# Independent sums: a multiply-add takes 4 to 5 cycles, and most CPUs begin two in each. With the
# two factors they fit into 16 registers.
SUMS = 12
OPERATIONS = 2 * SUMS * LANES  # in one turn of the loop: a multiply-add is two


@intrinsic
def _multiply_adds(typing, turns):
    """``turns`` turns of a loop that holds ``SUMS`` vector multiply-adds and nothing else.

    Plain loops would not do: LLVM keeps their sums in memory, or simplifies them away.
    """
    vector, index = ir.VectorType(ir.FloatType(), LANES), ir.IntType(64)
    kind = ir.FunctionType(vector, [vector] * 3)

    def constant(number):
        return ir.Constant(vector, [number] * LANES)

    def generate(context, builder, signature, arguments):
        function = f"llvm.fmuladd.v{LANES}f32"
        multiply_add = cgutils.get_or_insert_function(builder.module, kind, function)
        # different starts, or they would all be the same sum
        places = [cgutils.alloca_once_value(builder, constant(float(k))) for k in range(SUMS)]
        with cgutils.for_range(builder, arguments[0], intp=index):
            for place in places:
                total = [builder.load(place), constant(0.999), constant(0.001)]
                builder.store(builder.call(multiply_add, total), place)
        total = constant(0.0)
        for place in places:
            total = builder.fadd(total, builder.load(place))
        return builder.extract_element(total, index(0))

    return types.float32(types.intp), generate


@njit(parallel=True, cache=True)
def multiply_adds(turns, results):
    """``turns`` · ``OPERATIONS`` operations for each of ``results``, one a thread."""
    for thread in prange(len(results)):
        results[thread] = _multiply_adds(turns)


@njit(parallel=True, cache=True)
def copy(x, out):
    """Copy a flat array, by all threads."""
    for k in prange(len(x)):
        out[k] = x[k]


def operations_of(turns, threads):
    """A function that multiplies and adds on all threads, and how many operations that is."""
    results = np.empty(threads, np.float32)
    return lambda: multiply_adds(turns, results), turns * OPERATIONS * threads
