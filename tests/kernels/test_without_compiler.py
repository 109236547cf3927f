"""NUMBA_DISABLE_JIT: one clear message, before anything is computed, and a way to go on."""

import os
import subprocess
import sys

import pytest

WAYS = {
    "a model": "Sequential([layers.Dense(3)], (4,))",
    "a layer alone": "layers.Dense(3)(np.ones((1, 4)))",
    "a loss": "losses.SoftmaxCrossEntropy()(np.ones((1, 2), np.float32), [1])",
    "the classifier": "CNNClassifier().fit(np.arange(64.).reshape(4, 16), [0, 1, 0, 1])",
    "the device": "use_device('cpu')",
    "a model moved": "Sequential([layers.Dense(3)], (4,), device='reference').to('cpu')",
}
IMPORTS = "import numpy as np\nfrom cnncourse import *\n"


def run(code):
    return subprocess.run(
        [sys.executable, "-c", IMPORTS + code],
        capture_output=True,
        text=True,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )


@pytest.mark.parametrize("way", WAYS)
def test_the_cpu_is_refused(way):
    done = run(WAYS[way])
    *_, error, advice = done.stderr.strip().splitlines()
    assert error.startswith("RuntimeError: device 'cpu': its kernels are compiled by numba"), error
    assert "unset NUMBA_DISABLE_JIT" in advice and "use_device('reference')" in advice


def test_the_reference_works():
    done = run(
        "use_device('reference')\n"
        "model = Sequential([layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)], (6, 6, 1))\n"
        "model.compile('adam')\n"
        "model.fit(np.ones((4, 6, 6, 1)), [0, 1, 0, 1], verbose=0)\n"
        "print(model.predict(np.ones((1, 6, 6, 1))).shape)\n"
        "print(filters.conv2d(np.ones((5, 5)), np.ones((3, 3))).shape)"
    )
    assert done.stdout.split("\n")[:2] == ["(1, 2)", "(3, 3)"], done.stderr
