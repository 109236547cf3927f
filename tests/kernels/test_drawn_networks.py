"""Drawn networks beside PyTorch, with every array against a page that nobody may touch.

Runs where PyTorch is installed, and is skipped elsewhere.

pytest tests/kernels/test_drawn_networks.py --networks 300 -s
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cnncourse import layers

SCRIPT = Path(__file__).with_name("drawn_networks.py")
pytest.importorskip("torch", reason="PyTorch, the peer to compare with, is not installed")


@pytest.mark.skipif(sys.platform != "linux", reason="forbids pages as Linux does")
def test_drawn_networks(request):
    count = request.config.getoption("--networks")
    done = subprocess.run(
        [sys.executable, SCRIPT, "0", str(count)], capture_output=True, text=True, cwd=SCRIPT.parent
    )
    said = done.stdout.splitlines()
    assert done.returncode == 0, (
        f"exit code {done.returncode} at the network that is named last:\n"
        f"{said[-1] if said else ''}\n{done.stderr[-2000:]}"
    )
    result = json.loads(said[-1])
    print(f"{count} networks: {result}")
    assert max(unit for unit, *_ in result["largest"].values()) <= 1, result
    assert result["outputs only"] <= count / 2
    if count >= 60:  # every kind of layer is among them
        assert set(result["with"]) == set(layers.__all__) - {"Layer"} | {"dilated"}
