"""NUMBA_DISABLE_JIT: one clear message, before anything is computed, and a way to go on."""

import os
import subprocess
import sys

WAYS = {
    "a model": "Sequential([layers.Dense(3)], (4,))",
    "a layer alone": "layers.Dense(3)(np.ones((1, 4)))",
    "a loss": "losses.SoftmaxCrossEntropy()(np.ones((1, 2), np.float32), [1])",
    "the classifier": "CNNClassifier().fit(np.arange(64.).reshape(4, 16), [0, 1, 0, 1])",
    "the device": "use_device('cpu')",
    "a model moved": "Sequential([layers.Dense(3)], (4,), device='reference').to('cpu')",
}
IMPORTS = "import sys\nimport numpy as np\nfrom cnncourse import *\n"


def run(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", IMPORTS + code, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )


def test_the_cpu_is_refused():
    done = run(
        "for way in sys.argv[1:]:\n"
        "    try:\n"
        "        exec(way)\n"
        "    except RuntimeError as error:\n"
        "        print(error, end='\\n====\\n')",
        *WAYS.values(),
    )
    texts = done.stdout.split("\n====\n")[:-1]
    assert len(texts) == len(WAYS), done.stdout + done.stderr
    for way, text in zip(WAYS, texts, strict=True):
        error, advice = text.splitlines()[-2:]
        assert error.startswith("device 'cpu': its kernels are compiled by numba"), way
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
