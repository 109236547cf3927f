"""Drawn networks in C: float32 beside ``predict``, int8 beside its integer reference.

pytest tests/export/test_drawn_exports.py --networks 200
"""

import sys
from pathlib import Path

import numpy as np

from cnncourse import export, quantization

sys.path.insert(0, str(Path(__file__).parent))

import drawn_models  # noqa: E402
from compiled import needs_compiler, run  # noqa: E402


@needs_compiler
def test_drawn_networks(request, tmp_path):
    for seed in range(request.config.getoption("--networks")):
        model, images = drawn_models.model(seed)
        try:
            check(model, images, tmp_path)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {model.layers}") from error


def check(model, images, folder):
    count = int(np.prod(model.output_shape))

    export.to_c(model, folder / "net.c")
    numbers, scores = run(folder / "net.c", images, np.float32, count)
    exact = model.predict(images).reshape(len(images), count)
    np.testing.assert_allclose(scores, exact, rtol=0, atol=1e-5 * max(1, abs(exact).max()))
    np.testing.assert_array_equal(numbers, scores.argmax(axis=1))

    quantized = quantization.quantize(model, images)
    export.to_c(quantized, folder / "net.c", dtype="int8")
    integers = quantized.integers(images).reshape(len(images), count)
    bytes_in = quantized.image_integers(images)
    numbers, scores = run(folder / "net.c", bytes_in, integers.dtype, count)
    np.testing.assert_array_equal(scores, integers)
    np.testing.assert_array_equal(numbers, integers.argmax(axis=1))
