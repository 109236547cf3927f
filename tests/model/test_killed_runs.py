"""Kill -9 at random moments of a run with checkpoints: the run goes on to the same bits.

pytest tests/model/test_killed_runs.py --kills 50
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import killed_run
import numpy as np
import pytest

from cnncourse import Sequential

SCRIPT = Path(killed_run.__file__)


def started(*arguments):
    """A process that is about to train; ``arguments``: those of ``killed_run.py``."""
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().strip() == "ready"
    return process


def finished(process):
    """What it printed, as soon as it is done."""
    text, _ = process.communicate()
    assert process.returncode == 0
    return text.strip()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
@pytest.mark.parametrize("network", killed_run.NETWORKS)
def test_a_killed_run_goes_on_to_the_same_bits(network, tmp_path, monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    whole = killed_run.run(killed_run.fresh(network))
    expected = f"{killed_run.digest(whole)} {whole.history.epoch}"
    rng = np.random.default_rng(0)
    begun = time.perf_counter()
    path = tmp_path / "model.npz"
    assert finished(started(network, path, 5)) == expected
    longest = time.perf_counter() - begun
    kills = runs = 0
    while kills < request.config.getoption("--kills"):
        path.unlink(missing_ok=True)
        runs += 1
        save_freq = int(rng.integers(1, 14))
        while True:
            process = started(network, path, save_freq)
            time.sleep(rng.uniform(0, longest / 4))
            if process.poll() is not None:
                break
            process.kill()
            process.wait()
            process.stdout.close()
            kills += 1
            if path.exists():
                Sequential.load(path)  # whole
        assert finished(process) == expected, (kills, save_freq)
    print(f"{kills} kills in {runs} runs")
