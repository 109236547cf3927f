"""The fused multiply-add (FMA) of three numbers, for loops that the compiler turns into vectors."""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from .instructions import FLOAT


@intrinsic
def fma(typing, a, b, c):
    """``a · b + c`` of three float32, as one instruction that rounds once.

    As two, which round twice, where a CPU has none: the same CPU always does the same. To allow the
    compiler to fuse what it likes (``fastmath``) would be another thing: it may choose differently
    for the numbers at the end of a thread's share that fill no vector.
    """

    def generate(context, builder, signature, arguments):
        kind = ir.FunctionType(FLOAT, [FLOAT] * 3)
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.fmuladd.f32")
        return builder.call(function, arguments)

    return types.float32(types.float32, types.float32, types.float32), generate
