"""The product of one row and a matrix: many sums side by side, for where there is but one row.

`micro_kernel` keeps two vectors of sums for each row of its left matrix. With one row that is two
sums, each of which has to wait for its last multiply-add before the next can begin. Here up to
``SUMS`` vectors of a row of the result grow at once, which hides that.
"""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from .instructions import (
    FLOAT,
    FLOAT_BYTES,
    INDEX,
    VECTOR,
    ZERO_VECTOR,
    broadcast,
    for_each_size,
    load,
    multiply_add,
    repeat,
    store,
    walk_of,
)
from .vector_width import VECTOR_WIDTH

SUMS = 8  # vectors: a multiply-add takes 4 cycles, and most CPUs begin two in each
NUMBER = ir.IntType(32)
MASK = ir.VectorType(ir.IntType(1), VECTOR_WIDTH)
LANES = ir.Constant(ir.VectorType(NUMBER, VECTOR_WIDTH), list(range(VECTOR_WIDTH)))


@intrinsic
def row_product(typing, units, steps, left, right, out):
    """``out[k] += Σ left[step] · right[step, k]`` for ``units`` neighbouring k.

    Arrays are flat float32 arrays: ``left`` and ``out`` (array, index of the first element),
    ``right`` (array, index of the first element, from step to step). ``units`` is 1 to ``SUMS`` ·
    ``VECTOR_WIDTH``. Nothing beyond them is read of ``right``; ``out`` has room for whole vectors.
    Nothing checks the indices.
    """

    def generate(context, builder, signature, arguments):
        units, steps, *walks = arguments
        (left,), (right, down), (out,) = [
            walk_of(context, builder, kind, walk)
            for kind, walk in zip(signature.args[2:], walks, strict=True)
        ]
        whole = builder.sdiv(units, INDEX(VECTOR_WIDTH))
        rest = builder.srem(units, INDEX(VECTOR_WIDTH))
        mask = builder.icmp_signed("<", LANES, broadcast(builder, builder.trunc(rest, NUMBER)))
        some = builder.zext(builder.icmp_signed(">", rest, INDEX(0)), INDEX)

        def block(size):  # of one vector in part, one whole, one whole and one in part, and so on
            vectors, masked = divmod(size, 2)
            _add(builder, [None] * vectors + [mask] * masked, steps, left, right, down, out)

        for_each_size(builder, builder.add(builder.mul(whole, INDEX(2)), some), 2 * SUMS, block)
        return context.get_dummy_value()

    return types.void(units, steps, left, right, out), generate


def _add(builder, masks, steps, left, right, down, out):
    """The loop over the steps for vectors with these ``masks``, each as `_load` takes it."""

    def step(sums, left, right):
        value = builder.load(builder.bitcast(left, FLOAT.as_pointer()))
        value = broadcast(builder, value)
        new = []
        for k, (mask, total) in enumerate(zip(masks, sums, strict=True)):
            factors = _load(builder, right, k, mask)
            new.append(multiply_add(builder, value, factors, total))
        return new, builder.gep(left, [INDEX(FLOAT_BYTES)]), builder.gep(right, [down])

    start = [ZERO_VECTOR] * len(masks), left, right
    sums, _, _ = repeat(builder, steps, step, start)
    for k, total in enumerate(sums):
        total = builder.fadd(total, load(builder, out, k * VECTOR_WIDTH))
        store(builder, total, out, k * VECTOR_WIDTH)


def _load(builder, start, k, mask):
    """The vector ``k`` vectors after ``start``; of its elements those in ``mask``, if it is one."""
    if mask is None:
        return load(builder, start, k * VECTOR_WIDTH)
    address = builder.gep(start, [INDEX(k * VECTOR_WIDTH * FLOAT_BYTES)])
    kind = ir.FunctionType(VECTOR, [cgutils.voidptr_t, NUMBER, MASK, VECTOR])
    name = f"llvm.masked.load.v{VECTOR_WIDTH}f32.p0"
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(function, [address, NUMBER(FLOAT_BYTES), mask, ZERO_VECTOR])
