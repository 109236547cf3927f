"""Drawn networks in C: float32 beside ``predict``, int8 beside its integer reference.

pytest tests/export/test_drawn_exports.py --networks 200
"""

import sys
from pathlib import Path

from cnncourse import export

sys.path.insert(0, str(Path(__file__).parent))

import agreement  # noqa: E402
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
    path = folder / "net.c"
    agreement.check(
        model,
        images,
        lambda model, dtype: export.to_c(model, path, dtype),
        lambda images, dtype, count: run(path, images, dtype, count),
    )
