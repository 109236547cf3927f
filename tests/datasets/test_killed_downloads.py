"""Kill -9 at random moments of a download: the file is there whole or not at all, and the next
download gets it.

pytest tests/datasets/test_killed_downloads.py --kills 100
"""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import killed_download
import numpy as np
import pytest
from test_download import CONTENT, destination, server  # noqa: F401  the fixtures

from cnncourse.support.files import ABANDONED

SCRIPT = Path(killed_download.__file__)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_a_killed_download(server, destination, monkeypatch, request):  # noqa: F811
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    url = f"http://127.0.0.1:{server.server_port}/slow"  # 0.13 s and more
    rng, kills, runs, left = np.random.default_rng(0), 0, 0, 0

    def started():
        command = [sys.executable, SCRIPT, url, destination, DIGEST]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout.readline().strip() == b"ready"
        return process

    while kills < request.config.getoption("--kills"):
        process = started()
        time.sleep(rng.uniform(0, 0.3))
        kills += process.poll() is None
        process.kill()
        process.communicate()
        if destination.exists():
            assert destination.read_bytes() == CONTENT
            assert len(server.requests)
            left += len(os.listdir(destination.parent)) > 1
            destination.unlink()
            runs += 1
        elif rng.random() < 0.5:  # the next try comes a while later
            for part in destination.parent.glob("*.part"):
                os.utime(part, (time.time() - 2 * ABANDONED,) * 2)
    for part in destination.parent.glob("*.part"):
        os.utime(part, (time.time() - 2 * ABANDONED,) * 2)
    said, errors = started().communicate()
    assert destination.read_bytes() == CONTENT, errors
    assert os.listdir(destination.parent) == ["images.gz"], "what the killed ones left is gone"
    resumed = sum(begin is not None for _, begin in server.requests)
    print(f"{kills} kills, {runs} downloads that were done before, {resumed} that went on")
