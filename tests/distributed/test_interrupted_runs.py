"""Ctrl-C at random moments of a run on a cluster: it goes on to the same bits.

pytest tests/distributed/test_interrupted_runs.py --kills 50
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "interrupted_run.py"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as POSIX does")
def test_ctrl_c_at_any_moment(monkeypatch, request):
    pytest.importorskip("dask", reason='the extra "distributed" is missing')
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    count = max(request.config.getoption("--kills"), 6)
    done = subprocess.run(
        [sys.executable, SCRIPT, "0", str(count)],
        capture_output=True,
        text=True,
        start_new_session=True,  # or these tests would get Ctrl-C, too
        timeout=600 + 20 * count,  # a busy machine starts slowly
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    print(result)
    assert result["interrupts"] >= count and result["the same bits"]
