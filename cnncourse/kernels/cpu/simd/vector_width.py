"""How many numbers this CPU computes at once, and how many of them its registers hold.

A vector instruction does the same to 4, 8 or 16 floats. The compiler knows which CPU it compiles
for, so it is simply asked: given an addition of 16 floats, which registers does it take?
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


def _measures():
    """Floats in a vector, and the most columns of a tile.

    A tile is ``columns`` × 2 vectors of sums, and as each of its numbers is in use, all of them
    stay in registers, with 2 vectors and 1 number to be multiplied. A CPU with 32 registers has
    room for 14 columns, one with 16 for 6.
    """
    # the description by which numba tells compiled code of one CPU from that of another
    triple, cpu, features = cpu_target.target_context.codegen().magic_tuple()
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, features=features)
    assembly = machine.emit_assembly(llvm.parse_assembly(ADDITION))
    if "zmm" in assembly:  # AVX-512
        return 16, 14
    if "ymm" in assembly:  # AVX
        return 8, 6
    return 4, 14 if triple.startswith(("aarch64", "arm64")) else 6  # NEON, SSE


VECTOR_WIDTH, COLUMNS = _measures()
