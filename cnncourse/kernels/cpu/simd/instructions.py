"""SIMD instructions, one by one: what the micro-kernel and the loops around it are made of.

Python cannot say "keep this in a register", nor "do this to 16 floats at once", so a few inner
loops are generated with llvmlite, the library by which numba generates its own code. Each function
here adds instructions where ``builder`` stands, and gives the value that they compute.

A *walk* says how a loop goes through an array: where it starts, and how far it is from one step to
the next, along each of the loop's directions.
"""

from llvmlite import ir
from numba.core import cgutils

from .vector_width import VECTOR_WIDTH

INDEX = ir.IntType(64)
FLOAT = ir.FloatType()
BYTE = ir.IntType(8)
VECTOR = ir.VectorType(FLOAT, VECTOR_WIDTH)
BYTE_VECTOR = ir.VectorType(BYTE, VECTOR_WIDTH)
ZERO_VECTOR = ir.Constant(VECTOR, [0.0] * VECTOR_WIDTH)
FLOAT_BYTES = 4
BITS_IN_A_BYTE = 8
# what llvm.prefetch takes as its last two arguments
KEEP_IN_ALL_CACHES = 3
DATA_CACHE = 1


def walk_of(context, builder, kind, walk):
    """A walk through an array: the address where it starts, and its distances in bytes.

    ``walk``: (contiguous array, flat index of the first element, any distances in elements), of the
    numba types ``kind``.
    """
    array, first, *distances = cgutils.unpack_tuple(builder, walk)
    data = context.make_array(kind[0])(context, builder, array).data
    start = builder.gep(data, [first])
    size = INDEX(kind[0].dtype.bitwidth // BITS_IN_A_BYTE)
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


def for_each_size(builder, size, most, body):
    """Emit ``body(size)`` for each size from 1 to ``most``, an int, and the choice among them."""
    done = builder.append_basic_block("done")
    sizes = builder.switch(size, done)
    for known in range(1, most + 1):
        block = builder.append_basic_block(f"size_{known}")
        sizes.add_case(INDEX(known), block)
        builder.position_at_end(block)
        body(known)
        builder.branch(done)
    builder.position_at_end(done)


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
    for want of registers: that made register blocks of more than 8 columns three times slower.
    """
    kind = ir.FunctionType(value.type, [value.type])
    return builder.asm(kind, "", "=r,0", [value], side_effect=False)


def broadcast(builder, value):
    """A vector with the value in every element."""
    undefined = ir.Constant(ir.VectorType(value.type, VECTOR_WIDTH), ir.Undefined)
    vector = builder.insert_element(undefined, value, INDEX(0))
    first = ir.Constant(ir.VectorType(ir.IntType(32), VECTOR_WIDTH), [0] * VECTOR_WIDTH)
    return builder.shuffle_vector(vector, undefined, first)


def multiply_add(builder, a, b, c):
    """``a · b + c`` of vectors, as one fused multiply-add (FMA); as two where a CPU has none."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    name = f"llvm.fmuladd.v{VECTOR_WIDTH}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [a, b, c])


def prefetch_line(builder, start, to_write):
    """Ask for the cache line at the address ``start``, so that it is at hand when it is needed."""
    number = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    options = [int(to_write), KEEP_IN_ALL_CACHES, DATA_CACHE]
    builder.call(function, [start, *map(number, options)])


def load(builder, start, skip=0):
    """The vector of floats that begins ``skip`` floats after the address ``start``."""
    return builder.load(_vector_at(builder, VECTOR, start, skip * FLOAT_BYTES), align=FLOAT_BYTES)


def store(builder, vector, start, skip=0):
    """Write a vector of floats to where `load` would read it."""
    address = _vector_at(builder, VECTOR, start, skip * FLOAT_BYTES)
    builder.store(vector, address, align=FLOAT_BYTES)


def load_bytes(builder, start):
    """As many bytes as a vector has floats, from the address ``start`` on."""
    return builder.load(_vector_at(builder, BYTE_VECTOR, start), align=1)


def store_bytes(builder, vector, start):
    """Write bytes to where `load_bytes` would read them."""
    builder.store(vector, _vector_at(builder, BYTE_VECTOR, start), align=1)


def _vector_at(builder, kind, start, skip=0):
    """The address ``skip`` bytes after ``start``, as that of a vector of type ``kind``."""
    start = builder.bitcast(start, cgutils.voidptr_t)
    return builder.bitcast(builder.gep(start, [INDEX(skip)]), kind.as_pointer())
