"""Written C, compiled and run: with every warning an error, and with sanitizers."""

import shutil
import subprocess

import numpy as np
import pytest

STRICT = (
    "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror",
)  # fmt: skip
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
ARM = "arm-none-eabi-gcc"

needs_compiler = pytest.mark.skipif(not COMPILERS, reason="there is no gcc and no clang here")
needs_arm = pytest.mark.skipif(
    not shutil.which(ARM), reason=f"{ARM}, the compiler for small boards, is not installed"
)

MAIN = """\
#include <stdio.h>
#include "{file}"
int main(void)
{{
    static {image_type} image[{image}];
    static {scores_type} scores[{scores}];
    while (fread(image, sizeof image, 1, stdin) == 1) {{
        int32_t number = {name}_predict(image, scores);
        fwrite(&number, sizeof number, 1, stdout);
        fwrite(scores, sizeof scores, 1, stdout);
    }}
    return 0;
}}
"""
C_TYPES = {"float32": "float", "uint8": "uint8_t", "int16": "int16_t"}


def run(path, images, dtype, count, options=("-O1", *SANITIZERS), compiler=None):
    """What the C file at ``path`` gives: numbers (N,), and ``count`` scores (N, count) of dtype.

    ``images``: (N, …) of the type that it takes.
    """
    main, program = path.with_name("main.c"), path.with_name("main")
    text = MAIN.format(
        file=path.name,
        name=path.stem,
        image_type=C_TYPES[images.dtype.name],
        image=images[0].size,
        scores_type=C_TYPES[np.dtype(dtype).name],
        scores=count,
    )
    main.write_text(text.replace("#include <stdio.h>", "#include <stdint.h>\n#include <stdio.h>"))
    build(compiler or COMPILERS[0], main, program, *options)
    done = subprocess.run([program], input=images.tobytes(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    row = np.dtype([("number", np.int32), ("scores", dtype, (count,))])
    rows = np.frombuffer(done.stdout, row)
    assert len(rows) == len(images)
    return rows["number"], rows["scores"]


def build(compiler, source, target, *options):
    """Compile, and link unless an option says otherwise; any warning is an error."""
    done = subprocess.run(
        [compiler, *STRICT, *options, "-o", target, source], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[:3000]
    return target


def missing_symbols(library):
    """What an object file needs of others: the names that ``nm`` shows as undefined."""
    done = subprocess.run(["nm", "-u", library], capture_output=True, text=True, check=True)
    return [line.split()[-1] for line in done.stdout.splitlines() if line.strip()]
