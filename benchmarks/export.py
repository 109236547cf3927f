"""Exported networks on this machine, one image at a time, and what they take of a Cortex-M4.

Ours in float32 and int8 beside emx-onnx-cgen (float32, from ONNX), BakeNN (int8, from PyTorch) and
LiteRT, once TensorFlow Lite (both); those that are missing are left out. All but LiteRT, a library
that reads its networks from files, are C, compiled with the same options. They are timed in turn,
on one thread, round after round. The weights are the initial ones: they do not change the time.
"""

import subprocess
import sys
import tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from statistics import median

import litert
import numpy as np
import reports
from networks import IMAGE, NETWORKS, torch_model

from cnncourse import export
from cnncourse.export.onnx import onnx_model
from cnncourse.inference import network as description

OPTIONS = ("-O3", "-march=native")
BOARD = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-Os", "-c")
ARM = "arm-none-eabi-"
LITERT = ("ai_edge_litert", "flatbuffers")

# Times `REPEATS` predictions a round; prints microseconds a prediction.
MAIN = """\
#define _POSIX_C_SOURCE 199309L
#include <stdint.h>
#include <stdio.h>
#include <time.h>
{declarations}
int main(void)
{{
    struct timespec begin, end;
    for (int k = 0; k < {repeats} / 4; k++) {{ {call} }}
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int k = 0; k < {repeats}; k++) {{ {call} }}
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.3f\\n", ((double)(end.tv_sec - begin.tv_sec) * 1e6
        + (double)(end.tv_nsec - begin.tv_nsec) * 1e-3) / {repeats});
    return 0;
}}
"""


class Contender:
    """A network as C: its ``sources``, and how its function is declared and called."""

    def __init__(self, name, folder, sources, declarations, call):
        self.name, self.folder, self.sources = name, folder, sources
        self.declarations, self.call = declarations, call

    def build(self, repeats):
        main = self.folder / "timing_main.c"
        main.write_text(
            MAIN.format(declarations=self.declarations, call=self.call, repeats=repeats)
        )
        self.program = self.folder / "timing"
        _run("gcc", *OPTIONS, "-I", self.folder, main, *self.sources, "-lm", "-o", self.program)

    def time(self):
        """Microseconds an image."""
        return float(_run(self.program))

    def board(self):
        """Bytes of flash and of static RAM, compiled for size for a Cortex-M4."""
        flash = ram = 0
        for source in self.sources:
            target = source.with_suffix(".arm.o")
            _run(f"{ARM}gcc", *BOARD, "-I", self.folder, source, "-o", target)
            text, data, bss = map(int, _run(f"{ARM}size", target).splitlines()[1].split()[:3])
            flash, ram = flash + text + data, ram + data + bss
        return flash, ram


def _run(*command):
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True
    ).stdout


def ours(network, folder, dtype):
    images = np.random.default_rng(0).random((20, *IMAGE), np.float32)
    path = folder / "ours.c"
    export.to_c(network.make(), path, dtype, images if dtype == "int8" else None)
    image, score = {"float32": ("float", "float"), "int8": ("uint8_t", "int16_t")}[dtype]
    declarations = (
        f"int ours_predict(const {image} *, {score} *);\n"
        f"static {image} image[784];\nstatic {score} scores[10];"
    )
    call = f"image[k % 784] = ({image})(k & 1); ours_predict(image, scores);"
    return Contender(f"cnncourse, {dtype}", folder, [path], declarations, call)


def emx(network, folder):
    """From the same description, as ONNX."""
    import onnx

    found = description.of_model(network.make()).logits
    onnx.save(onnx_model(found, images=1), folder / "net.onnx")
    arguments = ("--model-name", "net", "--large-weight-threshold", "0")
    files = folder / "net.onnx", folder / "net.c"
    _run(sys.executable, "-m", "emx_onnx_cgen", "compile", *arguments, *files)
    declarations = (
        "void net(const float image[1][28][28][1], float scores[1][10]);\n"
        "static float image[1][28][28][1], scores[1][10];"
    )
    call = "image[0][0][k % 28][0] = (float)(k & 1); net(image, scores);"
    return Contender("emx-onnx-cgen, float32", folder, [folder / "net.c"], declarations, call)


def bakenn(network, folder):
    """From our network's twin in PyTorch."""
    import bakenn as compiler
    import torch

    twin = torch_model(network.scores).eval()
    samples = [torch.rand(1, 1, 28, 28) for _ in range(20)]
    compiler.compile_torch_ptq(twin, samples[0], samples, folder, name="net")
    declarations = (
        '#include "bknn_net.h"\n'
        "static int8_t image[784], scores[10];\n"
        "static _Alignas(16) uint8_t arena[1 << 17];"
    )
    call = "image[k % 784] = (int8_t)(k & 1); bknn_net_infer(arena, image, scores);"
    sources = sorted(folder.glob("bknn_net*.c"))
    return Contender("BakeNN, int8", folder, sources, declarations, call)


class LiteRT:
    """A network that LiteRT runs from its file."""

    def __init__(self, network, folder, dtype):
        self.name, self.path = f"LiteRT, {dtype}", folder / "net.tflite"
        found = description.of_model(network.make()).logits
        images = np.random.default_rng(0).random((20, *IMAGE), np.float32)
        litert.write(found, self.path, images if dtype == "int8" else None)

    def build(self, repeats):
        self.repeats = repeats

    def time(self):
        """Microseconds an image."""
        return float(_run(sys.executable, litert.__file__, self.path, self.repeats))

    def board(self):
        """Bytes of the file, which is not all: on a board, a library reads it."""
        return (self.path.stat().st_size,)


def contenders(network, folder):
    """All that are here, each in a folder of its own; names of those that are missing."""
    makers = {
        "float32": lambda folder: ours(network, folder, "float32"),
        "int8": lambda folder: ours(network, folder, "int8"),
    }
    missing = []
    for name, needed, maker in (
        ("emx-onnx-cgen", ("onnx", "emx_onnx_cgen"), emx),
        ("BakeNN", ("bakenn", "torch"), bakenn),
        ("LiteRT, float32", LITERT, partial(LiteRT, dtype="float32")),
        ("LiteRT, int8", LITERT, partial(LiteRT, dtype="int8")),
    ):
        if all(map(find_spec, needed)):
            makers[name] = lambda folder, maker=maker: maker(network, folder)
        else:
            missing.append(name)
    found = []
    for name, maker in makers.items():
        (folder / name).mkdir()
        found.append(maker(folder / name))
    return found, missing


def main():
    options = reports.parser(__doc__, rounds=15)
    options.add_argument("--networks", nargs="+", choices=NETWORKS, default=["tutorial"])
    chosen = options.parse_args()
    rounds = chosen.rounds or (2 if chosen.quick else 15)
    repeats = 20 if chosen.quick else 1000
    if not which("gcc"):
        sys.exit("There is no gcc to compile with. What you can do: install it.")
    report = reports.Report()
    rows, sizes = [], []
    for name in chosen.networks:
        with tempfile.TemporaryDirectory() as folder:
            found, missing = contenders(NETWORKS[name], Path(folder))
            for each in found:
                each.build(repeats)
            times = {each.name: [] for each in found}
            for _ in range(rounds):
                for each in found:
                    times[each.name].append(each.time())
            for each in found:
                ratio = median(times[each.name]) / median(times[f"cnncourse, {_dtype(each)}"])
                figures = reports.spread(times[each.name], "{:.1f}")
                rows.append([name, each.name, figures, f"{ratio:.2f}"])
                if which(f"{ARM}gcc"):
                    flash, *ram = (f"{size:,}" for size in each.board())
                    sizes.append([name, each.name, flash, *(ram or ["its library's"])])
    heads = ["network", "written by", "µs an image", "times ours"]
    report.table("One image", heads, rows, words=2)
    if sizes:
        heads = ["network", "written by", "flash", "static RAM"]
        report.table("Bytes on a Cortex-M4", heads, sizes, words=2)
        report.say("LiteRT's flash is that of the file alone, without the library that reads it.")
    if missing:
        report.say(f"Left out, as they are not installed: {', '.join(missing)}.")
    report.conditions(rounds, packages=("cnncourse", "emx-onnx-cgen", "bakenn", "ai-edge-litert"))
    report.finish(chosen.markdown)


def _dtype(contender):
    return contender.name.rpartition(", ")[2]


if __name__ == "__main__":
    main()
