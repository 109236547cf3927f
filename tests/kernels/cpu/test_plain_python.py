"""Kernels in plain Python: as right as the compiled ones, and strict about indices."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import plain_python
import pytest

KERNELS = Path(__file__).parents[1]


def test_they_pass_the_conformance_tests():
    names = "cpu and (test_dense or max_pool2d or batch_moments or slide or fused or few or pooled)"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", names]
        + [str(path) for path in KERNELS.glob("test_conformance*.py")],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert " passed" in done.stdout and "skipped" not in done.stdout, done.stdout


@pytest.mark.parametrize("first", [-1, 3])
def test_nothing_outside_an_array_is_touched(first):
    walk = np.zeros(7, np.float32), first, (2, 3), (2, 1)
    with pytest.raises(IndexError, match="of 7 elements"):
        plain_python.read(*walk)
    with pytest.raises(IndexError, match="of 7 elements"):
        plain_python.write(1, *walk)
    assert not walk[0].any()


def test_elements_lie_as_the_distances_say():
    got = plain_python.read(np.arange(10), 1, (2, 4), (3, 2))
    np.testing.assert_array_equal(got, [[1, 3, 5], [5, 7, 9]])
