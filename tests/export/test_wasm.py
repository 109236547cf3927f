"""WebAssembly that `export.to_wasm` writes, run by Node.js: what C and ``predict`` give.

pytest tests/export/test_wasm.py --networks 200
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnncourse import Sequential, export, layers, networks

sys.path.insert(0, str(Path(__file__).parent))

import agreement  # noqa: E402
import drawn_models  # noqa: E402
from in_node import NODE, needs_node  # noqa: E402

# reads images from stdin; writes for each the number of the largest score, and the scores
RUN = """
import fs from "node:fs";
const [, , file, size, count, imageType, scoresType] = process.argv;
const compiled = new WebAssembly.Module(fs.readFileSync(file));
if (WebAssembly.Module.imports(compiled).length) throw new Error("it imports something");
const { exports } = new WebAssembly.Instance(compiled);
const { buffer } = exports.memory;
const image = new globalThis[imageType](buffer, exports.image.value, Number(size));
const bytes = new Uint8Array(buffer, image.byteOffset, image.byteLength);
const scores = new globalThis[scoresType](buffer, exports.scores.value, Number(count));
const given = fs.readFileSync(0);
for (let place = 0; place < given.length; place += bytes.length) {
    bytes.set(given.subarray(place, place + bytes.length));
    const number = exports.predict();
    console.log([number, ...scores].join(" "));
}
"""
ARRAYS = {
    "float32": "Float32Array",
    "uint8": "Uint8Array",
    "int16": "Int16Array",
}


def run(path, images, dtype, count):
    """What the module at ``path`` gives: numbers (N,) and scores (N, count)."""
    script = path.with_suffix(".mjs")
    script.write_text(RUN, encoding="utf-8")
    types = ARRAYS[images.dtype.name], ARRAYS[np.dtype(dtype).name]
    command = [NODE, script, path, str(images[0].size), str(count), *types]
    done = subprocess.run(command, input=images.tobytes(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    rows = np.array([line.split() for line in done.stdout.decode().splitlines()], float)
    return rows[:, 0].astype(int), rows[:, 1:].astype(dtype)


@pytest.fixture
def zig():
    pytest.importorskip("ziglang", reason='the extra "wasm" is not installed')


def check(model, images, folder):
    path = folder / "net.wasm"
    agreement.check(
        model,
        images,
        lambda model, dtype: export.to_wasm(model, path, dtype),
        lambda images, dtype, count: run(path, images, dtype, count),
    )


@needs_node
def test_drawn_networks(zig, request, tmp_path):
    for seed in range(request.config.getoption("--networks")):
        model, images = drawn_models.model(seed)
        try:
            check(model, images, tmp_path)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {model.layers}") from error


@needs_node
@pytest.mark.parametrize("name", networks.DOCUMENTS)
def test_the_documents_networks(name, zig, tmp_path):
    images = np.random.default_rng(0).random((20, 28, 28, 1), np.float32)
    check(networks.DOCUMENTS[name](seed=0), images, tmp_path)


def test_without_the_extra(monkeypatch, tmp_path):
    monkeypatch.setattr("cnncourse.export.wasm.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install -e "\.\[wasm\]"'):
        export.to_wasm(networks.tutorial(), tmp_path / "net.wasm")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_exported(tmp_path):
    class Own(layers.Layer):
        def forward(self, x, training=False):
            return x

    with pytest.raises(ValueError, match="own_1 .* cannot be exported"):
        export.to_wasm(Sequential([Own()], input_shape=(3,)), tmp_path / "net.wasm")
    with pytest.raises(ValueError, match="calibration"):
        export.to_wasm(networks.tutorial(), tmp_path / "net.wasm", dtype="int8")
    assert list(tmp_path.iterdir()) == []
