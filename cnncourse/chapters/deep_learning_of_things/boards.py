"""Small boards, what arithmetic costs, what exported networks take: looked up or measured once.

    python -m cnncourse.chapters.deep_learning_of_things.boards

compiles the networks for a Cortex-M4, where ``arm-none-eabi-gcc`` is installed, and prints
``CORTEX_M4`` anew.

Sources: the chips' data sheets (Microchip ATmega328P, STMicroelectronics STM32F103x8, Nordic
nRF52833); Horowitz, *Computing's Energy Problem (and what we can do about it)*, 2014, for 45 nm;
DRAM: Han et al., *Learning both Weights and Connections for Efficient Neural Networks*, 2015,
table 1.
"""

import subprocess
import tempfile
from pathlib import Path
from shutil import which

import numpy as np

from ... import export, networks
from .smaller import chain

KB = 1024
BOARDS = {  # bytes of flash and of RAM
    "Arduino Uno": (32 * KB, 2 * KB),
    "Blue Pill": (64 * KB, 20 * KB),
    "micro:bit": (512 * KB, 128 * KB),
}
PICOJOULES = {
    "a multiply-add in float32": 3.7 + 0.9,
    "a multiply-add of bytes, into a sum of 32 bits": 0.2 + 0.1,
    "reading 32 bits from a small memory beside the processor": 5.0,
    "reading 32 bits from a memory chip (DRAM)": 640.0,
}
COMPILER = "arm-none-eabi-gcc"
OPTIONS = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-Os", "-c")

# bytes of flash and of RAM, code included, as `arm-none-eabi-size` counts them
CORTEX_M4 = {
    "float32": (251_004, 25_088),
    "int8": (65_036, 6_912),
    "float32, half its filters": (75_132, 13_824),
    "int8, half its filters": (20_572, 4_096),
}


def on_a_cortex_m4(source):
    """Bytes of flash and RAM that a file of C takes, compiled for size; ``None`` if it cannot be.

    The caller's image and scores come on top.
    """
    if not which(COMPILER):
        return None
    target = source.with_suffix(".o")
    subprocess.run([COMPILER, *OPTIONS, source, "-o", target], check=True)
    said = subprocess.run(
        ["arm-none-eabi-size", target], check=True, capture_output=True, text=True
    ).stdout
    text, data, bss = map(int, said.splitlines()[1].split()[:3])
    return text + data, data + bss


def main():
    images = np.random.default_rng(0).random((10, 28, 28, 1))  # sizes do not depend on weights
    models = {"": networks.tutorial(), ", half its filters": chain((16, 32), 0)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.c"
        for name, model in models.items():
            for dtype in ("float32", "int8"):
                export.to_c(model, path, dtype, images if dtype == "int8" else None)
                print(f'    "{dtype}{name}": {on_a_cortex_m4(path)},')


if __name__ == "__main__":
    main()
