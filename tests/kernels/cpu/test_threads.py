"""Two Python threads that predict at once get right answers, whatever numba's threading layer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("layer", ["default", "workqueue"])
def test_two_threads_predict_at_once(layer):
    done = subprocess.run(
        [sys.executable, __file__],
        env=os.environ | {"NUMBA_THREADING_LAYER": layer},
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _run():
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from cnncourse.networks import DOCUMENTS

    x = np.random.default_rng(0).random((150, 28, 28, 1), np.float32)
    for make in DOCUMENTS.values():
        one, other = make(seed=0), make(seed=1)
        calls = [(model, size) for size in (20, 33, 70) for model in (one, one, other)]
        expected = {model: model.predict(x) for model in (one, other)}
        with ThreadPoolExecutor(3) as pool:
            results = pool.map(lambda call: call[0].predict(x, batch_size=call[1]), calls)
            for (model, _), result in zip(calls, results, strict=True):
                np.testing.assert_array_equal(result, expected[model])


if __name__ == "__main__":
    _run()
