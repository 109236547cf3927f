"""Compile every CPU kernel for 64-bit ARM, on any computer, and judge the result.

Apple's computers have such processors, and many phones and small boards. Their vectors (NEON) hold
4 floats, and they have 32 registers. Here, numba makes LLVM's code for a CPU whose vectors are as
long, in register blocks as large as ARM's; LLVM makes ARM's instructions of it, which nobody runs:

    python tools/arm_kernels.py                 for Apple's M1
    python tools/arm_kernels.py cortex-a76      for another CPU, as LLVM calls it

It prints how many vectors the largest loop of a kernel multiplies and adds, by one instruction
or by two, and how many it moves to memory and back for want of registers. It ends with 1 where a
kernel cannot be translated, or where a loop of the micro-kernels takes two instructions, or memory.
"""

import os
import re
import sys
from pathlib import Path

os.environ["NUMBA_CPU_NAME"] = "generic"  # SSE: 4 floats, too
os.environ["NUMBA_CPU_FEATURES"] = ""

import llvmlite.binding as llvm  # noqa: E402
from numba.core import codegen  # noqa: E402
from numba.core.registry import cpu_target  # noqa: E402

from cnncourse.kernels import compiled_code  # noqa: E402

CPU = "apple-m1"
# the functions by which compiled code calls the micro-kernels
MICRO_KERNELS = "_compiled", "_for_window.<locals>.compiled", "_for_pooling.<locals>.compiled"
TRIPLE = "aarch64-unknown-linux-gnu"
# what the IR says of the computer on which it was made
HERE = re.compile(r"^target (triple|datalayout) = .*$|\"(target|tune)-[a-z-]+\"=\"[^\"]*\"", re.M)

# how x86 counts down an array's references, which is left in code that was translated before
COUNT_DOWN = "@llvm.x86.atomic.sub.cc.i64"
COUNTED_DOWN = """
define internal i8 @count_down(ptr %count, i64 %by, i32 %condition) {
  %before = atomicrmw sub ptr %count, i64 %by seq_cst
  %zero = icmp eq i64 %before, %by
  %flag = zext i1 %zero to i8
  ret i8 %flag
}
"""


def compiled_kernels(cpu):
    """Names and LLVM's optimised code, of all that `run_everything` has compiled."""
    found = []
    optimize = codegen.CPUCodeLibrary._optimize_final_module

    def keep(library):  # before this computer's instructions are made of it, which changes it
        optimize(library)
        found.append((library.name, str(library._final_module)))

    codegen.CPUCodeLibrary._optimize_final_module = keep
    compiled_code.folder = lambda: None  # of kept kernels, nobody has that code
    # the register blocks are as large as this CPU's registers allow
    cpu_target.target_context.codegen().magic_tuple = lambda: (TRIPLE, cpu, "")
    from every_kernel import run_everything

    run_everything("cpu")
    return found


def assembly(code, cpu):
    """ARM's instructions for LLVM's code."""
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(cpu=cpu, opt=3, reloc="pic")
    code = re.sub(rf"^declare .*{COUNT_DOWN}.*$", COUNTED_DOWN, HERE.sub("", code), flags=re.M)
    module = llvm.parse_assembly(code.replace(COUNT_DOWN, "@count_down"))
    module.triple = TRIPLE
    module.data_layout = str(machine.target_data)
    return machine.emit_assembly(module)


def loops(text):
    """The instructions of each innermost loop."""
    blocks = re.split(r"^(\.L\w+):.*$", text, flags=re.M)
    for label, block in zip(blocks[1::2], blocks[2::2], strict=True):
        if re.search(rf"\bb\S*\s.*{re.escape(label)}$", block, flags=re.M):
            yield block


def counts(loop):
    """Of vectors: multiplications with an addition, without one, and moves to and from memory."""
    patterns = r"\bfmla\s+v\d+\.4s", r"\bfmul\s+v\d+\.4s", r"\s(?:ld|st)[rp]\s+q\d+.*\[sp"
    return tuple(len(re.findall(pattern, loop)) for pattern in patterns)


def ours():
    """The names of the functions that kernels are made of."""
    folder = Path(compiled_code.__file__).parent / "cpu"
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return {name for text in texts for name in re.findall(r"^def (\w+)", text, flags=re.M)}


def main(cpu=CPU):
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    names, faults = ours().union(MICRO_KERNELS), 0
    print(f"{'kernel':<32}  by one  by two  spilled")
    for name, code in compiled_kernels(cpu):
        found = [counts(loop) for loop in loops(assembly(code, cpu))]
        largest = max(found, default=(0, 0, 0))
        if name in names and any(largest):
            print("{:<32}{:>8}{:>8}{:>9}".format(name, *largest), flush=True)
        if name in MICRO_KERNELS:
            faults += any(two or spilled for _, two, spilled in found)
    print(f"{faults} with a fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
