"""A network as WebAssembly, for a web page of one's own: the file of C, compiled by Zig.

With the extra ``wasm``, which brings Zig's C compiler. `to_html` needs none of it: its page shows
every layer's values, for which the same integers in JavaScript are fast enough.
"""

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from math import prod
from pathlib import Path

from ..support import arguments, checks
from ..support.files import replacing
from .c99.writer import source_of

MISSING = 'export.to_wasm needs the extra "wasm": pip install -e ".[wasm]"'
OPTIONS = ("-target", "wasm32-freestanding", "-O2", "-msimd128", "-nostdlib", "-Wl,--no-entry")
ARRAYS = """
/* For the page: where it writes an image, and finds its scores. */
{image_type} image[{image}];
{scores_type} scores[{scores}];
int predict(void);
int predict(void) {{ return network_predict(image, scores); }}
"""


def to_wasm(model, path, dtype="float32", calibration=None):
    """Write a trained ``model`` to ``path`` as WebAssembly, which browsers and Node.js run.

    ``model``, ``dtype`` and ``calibration``: as for `to_c`, whose file is compiled. The module
    exports ``memory``, ``image`` and ``scores``, the places of both arrays in it, and ``predict``,
    which gives the number of the largest score; it imports nothing. In JavaScript, for float32:

    .. code-block:: javascript

        const { exports } = (await WebAssembly.instantiate(bytes)).instance;
        new Float32Array(exports.memory.buffer, exports.image.value, 784).set(pixels);
        const number = exports.predict();
        const scores = new Float32Array(exports.memory.buffer, exports.scores.value, 10);

    In int8, the image is a ``Uint8Array`` and the scores are an ``Int16Array``, or a ``Uint8Array``
    where the last layer is an activation or a pooling. Raises what `to_c` does, and
    ``ModuleNotFoundError`` without the extra ``wasm``; no file is written then.

    >>> from cnncourse import export, networks
    >>> export.to_wasm(networks.tutorial(), "digits.wasm")  # doctest: +SKIP
    """
    path = checks.file_path(path, "path")
    dtype = arguments.one_of(dtype, "dtype", ("float32", "int8"))
    source = source_of(model, Path("network.c"), dtype, calibration)
    text = source.text() + ARRAYS.format(
        image_type=source.parts.value_type,
        image=prod(source.network.input_shape),
        scores_type=source.scores_type,
        scores=source.outputs,
    )
    with tempfile.TemporaryDirectory() as folder:
        content = _compiled(text, Path(folder))
    with replacing(path) as file:
        file.write(content)


def _compiled(text, folder):
    """The bytes of the module that Zig makes of C, in a folder for both files."""
    if find_spec("ziglang") is None:
        raise ModuleNotFoundError(MISSING, name="ziglang")
    source, target = folder / "network.c", folder / "network.wasm"
    source.write_text(text, encoding="ascii")
    exported = [f"-Wl,--export={name}" for name in ("image", "scores", "predict")]
    command = [sys.executable, "-m", "ziglang", "cc", *OPTIONS, *exported, "-o", target, source]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"Zig's compiler refused what export.to_c wrote, which is not your fault: {done.stderr}"
        )
    return target.read_bytes()
