"""What the GPU's compiler makes of the kernels, without a GPU: no float64, all in registers."""

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[3] / "tools" / "cuda_kernels.py"
SKIPPED = 77
EXAMPLES = (
    "implicit_gemm ",
    "implicit_gemm_kernel_gradient ",
    "column_sums ",
    "optimizers._adam_step",
)


def test_no_kernel_has_a_fault():
    done = subprocess.run([sys.executable, TOOL], capture_output=True, encoding="utf-8")
    if done.returncode == SKIPPED:
        pytest.skip(done.stdout.strip().removeprefix("skipped: "))
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    for kernel in EXAMPLES:
        assert any(kernel in line and "sm_75" in line for line in lines)
    assert lines[-1] == "0 with a fault"
