"""A network in C on an emulated board: QEMU runs the program that a Cortex-M4 would run.

Wanted are ``arm-none-eabi-gcc`` and ``qemu-system-arm``. What QEMU counts are instructions; a real
processor takes a cycle or more for each.

Sources: QEMU's manual, *Arm MPS2 and MPS3 boards* (mps2-an386) and *TCG Instruction Counting*; Arm,
*Semihosting for AArch32 and AArch64*, and the *Armv7-M Architecture Reference Manual* for SysTick.
"""

import subprocess
import tempfile
from pathlib import Path
from shutil import which

import numpy as np

from .cortex_m4 import COMPILER, OPTIONS

EMULATOR = "qemu-system-arm"
MACHINE = ("-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none")
# each instruction is a nanosecond of the board's time, whose clock ticks at 25 MHz
COUNTING = ("-icount", "shift=0", "-semihosting-config", "enable=on,target=native")
INSTRUCTIONS_A_TICK = 40
KEPT = 25_183_408  # instructions of the tutorial's network, compiled for size

# Where the program lies, and what a Cortex-M reads first: its stack's end, and where to begin.
LINKING = """\
ENTRY(reset)
MEMORY { flash : ORIGIN = 0, LENGTH = 4M  ram : ORIGIN = 0x20000000, LENGTH = 4M }
SECTIONS {
    .text : { KEEP(*(.vectors)) *(.text* .rodata*) } > flash
    .data : { *(.data*) } > ram
    .bss : { *(.bss* COMMON) } > ram
}
"""
PROGRAM = """\
#include "{file}"
static const uint8_t images[{count}][{pixels}] = {{
{images}
}};
#define TICKS (*(volatile uint32_t *)0xE000E018)
static volatile uint32_t *const clock = (uint32_t *)0xE000E010;

static void host(int request, const void *what)
{{
    register int r0 __asm__("r0") = request;
    register const void *r1 __asm__("r1") = what;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}}

static void say(long number)
{{
    char text[16], *at = text + sizeof text - 1;
    unsigned long rest = number < 0 ? 0ul - (unsigned long)number : (unsigned long)number;
    *at = 0;
    *--at = ' ';
    do *--at = (char)('0' + rest % 10); while (rest /= 10);
    if (number < 0) *--at = '-';
    host(4, at);                                    /* writes a text */
}}

void reset(void)
{{
    static int16_t scores[{scores}];
    clock[1] = 0xFFFFFF;                            /* SysTick: begins there, counts down, */
    clock[2] = 0;
    clock[0] = 5;                                   /* with the processor's clock */
    for (int k = 0; k < {count}; k++) {{
        const uint32_t begun = TICKS;
        {name}_predict(images[k], scores);
        say((long)((begun - TICKS) & 0xFFFFFF));
        for (int s = 0; s < {scores}; s++)
            say(scores[s]);
    }}
    host(0x18, (const void *)0x20026);              /* the program is done */
}}

__attribute__((section(".vectors"), used))
static const void *const vectors[] = {{ (void *)0x20400000, (void *)reset }};
"""


def run(source, images, scores):
    """A network of whole numbers on an emulated Cortex-M4; ``None`` where that is not installed.

    ``source``: the path of a file that `export.to_c` wrote in int8; ``images``: (N, …) uint8;
    ``scores``: how many there are. Gives the scores (N, scores), int64, and how many instructions
    an image takes.
    """
    if not which(COMPILER) or not which(EMULATOR):
        return None
    rows = images.reshape(len(images), -1)
    text = PROGRAM.format(
        file=source.resolve().as_posix(),
        name=source.stem,
        count=len(rows),
        pixels=rows.shape[1],
        images=",\n".join("{" + ",".join(map(str, row)) + "}" for row in rows),
        scores=scores,
    )
    with tempfile.TemporaryDirectory() as folder:
        program, script, board = (Path(folder) / name for name in ("main.c", "main.ld", "board"))
        program.write_text(text, encoding="utf-8")
        script.write_text(LINKING, encoding="utf-8")
        options = [option for option in OPTIONS if option != "-c"]
        linking = ("-ffreestanding", "-nostdlib", "-T", script, "-lgcc", "-o", board)
        subprocess.run([COMPILER, *options, program, *linking], check=True)
        command = [EMULATOR, *MACHINE, *COUNTING, "-kernel", board]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    numbers = np.array((said.stdout + said.stderr).split(), np.int64).reshape(len(rows), -1)
    return numbers[:, 1:], int(numbers[:, 0].mean() * INSTRUCTIONS_A_TICK)
