"""Ctrl-C at random moments of `fit`: the model is finite and whole, and another fit goes on.

pytest tests/model/test_interrupted_fits.py --kills 50
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import interrupted_fit
import pytest

SCRIPT = Path(interrupted_fit.__file__)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as POSIX does")
def test_ctrl_c_at_any_moment(tmp_path, monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    count = max(request.config.getoption("--kills"), 6)
    done = subprocess.run(
        [sys.executable, SCRIPT, "0", str(count), str(tmp_path / "model.npz")],
        capture_output=True,
        text=True,
        timeout=60 + 5 * count,  # a thread that is stuck would not let it end
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    print(result)
    assert result["stuck"] == [] and result["interrupts"] == count
