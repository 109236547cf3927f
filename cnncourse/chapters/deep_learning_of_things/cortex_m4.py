"""What exported networks take on a Cortex-M4, the processor of many small boards.

    python -m cnncourse.chapters.deep_learning_of_things.cortex_m4

compiles the networks, where ``arm-none-eabi-gcc`` is installed, and prints ``SIZES`` anew.
"""

import subprocess
import tempfile
from pathlib import Path
from shutil import which

import numpy as np

from ... import export, networks
from .smaller import chain

COMPILER = "arm-none-eabi-gcc"
OPTIONS = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-Os", "-c")

# bytes of flash and of RAM, code included, as `arm-none-eabi-size` counts them
SIZES = {
    "float32": (251_004, 25_088),
    "int8": (65_036, 6_912),
    "float32, half its filters": (75_132, 13_824),
    "int8, half its filters": (20_572, 4_096),
}


def size(source):
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
                print(f'    "{dtype}{name}": {size(path)},')


if __name__ == "__main__":
    main()
