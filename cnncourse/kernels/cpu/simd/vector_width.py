"""How many floats this CPU computes at once, and how many of them its registers hold.

A SIMD instruction (*single instruction, multiple data*) does the same to the 4, 8 or 16 floats of a
vector register. The compiler knows which CPU it compiles for, so it is simply asked: given an
addition of 16 floats, which registers does it take?
"""

import llvmlite.binding as llvm
from numba.core.registry import cpu_target

ADDITION = """
define void @add(ptr %p) {
  %a = load <16 x float>, ptr %p
  %b = fadd <16 x float> %a, %a
  store <16 x float> %b, ptr %p
  ret void
}
"""
BLOCK_VECTORS = 2  # vectors in a row of a register block


def _vector_registers():
    """Floats in a vector register, and how many such registers the CPU has."""
    # the description by which numba tells compiled code of one CPU from that of another
    triple, cpu, features = cpu_target.target_context.codegen().magic_tuple()
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, features=features)
    assembly = machine.emit_assembly(llvm.parse_assembly(ADDITION))
    if "zmm" in assembly:  # AVX-512
        return 16, 32
    if "ymm" in assembly:  # AVX
        return 8, 16
    return 4, 32 if triple.startswith(("aarch64", "arm64")) else 16  # NEON, SSE


VECTOR_WIDTH, REGISTERS = _vector_registers()
# The sums of a register block. All of them are in use at each step, and so are the vectors and the
# one value that are multiplied.
BLOCK_SUMS = REGISTERS - BLOCK_VECTORS - 1
COLUMNS = BLOCK_SUMS // BLOCK_VECTORS  # the most: 14 for 32 registers, 6 for 16
