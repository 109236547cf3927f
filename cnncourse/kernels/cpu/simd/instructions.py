"""Vector instructions, one by one: what `tile` and the kernels around it are put together from.

Python cannot say "keep this in a register", nor "do this to 16 numbers at once", so a few inner
loops are generated with llvmlite, the library by which numba generates its own code. Each function
here adds instructions where ``builder`` stands, and gives the value that they compute.
"""

from llvmlite import ir
from numba.core import cgutils

from .vector_width import VECTOR_WIDTH

INDEX, FLOAT, BYTE = ir.IntType(64), ir.FloatType(), ir.IntType(8)
VECTOR, BYTE_VECTOR = ir.VectorType(FLOAT, VECTOR_WIDTH), ir.VectorType(BYTE, VECTOR_WIDTH)
NOTHING = ir.Constant(VECTOR, [0.0] * VECTOR_WIDTH)
BYTES = 4  # of one float


def pointer(context, builder, kind, array, index):
    """Where number ``index`` of a flat contiguous array lies. ``kind``: the array's numba type."""
    return builder.gep(context.make_array(kind)(context, builder, array).data, [index])


def walk_of(context, builder, kind, walk):
    """A walk through an array: the address where it starts, and its distances in bytes.

    ``walk``: (flat array, index of its first number, any distances), of the numba types ``kind``.
    """
    array, first, *distances = cgutils.unpack_tuple(builder, walk)
    start = pointer(context, builder, kind[0], array, first)
    size = INDEX(kind[0].dtype.bitwidth // 8)
    distances = [builder.mul(distance, size) for distance in distances]
    return builder.bitcast(start, cgutils.voidptr_t), *distances


def repeat(builder, count, body, carried):
    """Emit ``for _ in range(count): carried = body(*carried)``; the carried values at the end.

    ``carried`` may be nested lists of values.
    """
    before = builder.block
    loop, after = map(builder.append_basic_block, ("loop", "after"))
    builder.cbranch(builder.icmp_signed(">", count, INDEX(0)), loop, after)

    builder.position_at_end(loop)
    left = builder.phi(INDEX)
    left.add_incoming(count, before)
    phis = _map(lambda value: builder.phi(value.type), carried)
    results = body(*phis)
    fewer = builder.sub(left, INDEX(1))
    end = builder.block  # not ``loop`` if the body has a loop of its own
    left.add_incoming(fewer, end)
    builder.cbranch(builder.icmp_signed(">", fewer, INDEX(0)), loop, after)

    builder.position_at_end(after)
    finals = _map(lambda value: builder.phi(value.type), carried)
    for start, result, phi, final in zip(
        *map(_flat, (carried, results, phis, finals)), strict=True
    ):
        phi.add_incoming(start, before)
        phi.add_incoming(result, end)
        final.add_incoming(start, before)
        final.add_incoming(result, end)
    return finals


def _map(function, nested):
    """``function`` of each value in nested lists."""
    if isinstance(nested, (list, tuple)):
        return [_map(function, item) for item in nested]
    return function(nested)


def _flat(nested):
    """The values of nested lists, one after the other."""
    if isinstance(nested, (list, tuple)):
        return [value for item in nested for value in _flat(item)]
    return [nested]


def opaque(builder, value):
    """The value, in a register of its own.

    An empty piece of assembly that is said to compute it. Otherwise the compiler sees how the
    addresses depend on each other and computes some from others with instructions of their own,
    for want of registers: that made tiles of more than 8 columns three times slower.
    """
    kind = ir.FunctionType(value.type, [value.type])
    return builder.asm(kind, "", "=r,0", [value], side_effect=False)


def spread(builder, number):
    """A vector with the number in every lane."""
    nothing = ir.Constant(ir.VectorType(number.type, VECTOR_WIDTH), ir.Undefined)
    vector = builder.insert_element(nothing, number, INDEX(0))
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), VECTOR_WIDTH), [0] * VECTOR_WIDTH)
    return builder.shuffle_vector(vector, nothing, lanes)


def multiply_add(builder, a, b, c):
    """``a · b + c`` in one instruction, or in two where a CPU has no such one."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    name = f"llvm.fmuladd.v{VECTOR_WIDTH}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [a, b, c])


def fetch(builder, start, to_write):
    """Ask for the memory at the address ``start``, so that it is at hand when it is needed."""
    number = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    keep, data = number(3), number(1)
    builder.call(function, [start, number(int(to_write)), keep, data])


def load(builder, start, lane=0):
    """The floats that begin ``lane`` numbers after the address ``start``."""
    return builder.load(_vector_at(builder, VECTOR, start, lane * BYTES), align=BYTES)


def store(builder, vector, start, lane=0):
    """Write floats to where `load` would read them."""
    builder.store(vector, _vector_at(builder, VECTOR, start, lane * BYTES), align=BYTES)


def load_bytes(builder, start):
    """As many bytes as a vector has floats, from the address ``start`` on."""
    return builder.load(_vector_at(builder, BYTE_VECTOR, start), align=1)


def store_bytes(builder, vector, start):
    """Write bytes to where `load_bytes` would read them."""
    builder.store(vector, _vector_at(builder, BYTE_VECTOR, start), align=1)


def _vector_at(builder, kind, start, skip=0):
    start = builder.bitcast(start, cgutils.voidptr_t)
    return builder.bitcast(builder.gep(start, [INDEX(skip)]), kind.as_pointer())
