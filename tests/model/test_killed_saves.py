"""Kill -9 at random moments of saving: an old or a new model, whole, and the next run works.

pytest tests/model/test_killed_saves.py --kills 100
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import killed_save
import numpy as np
import pytest
from small_models import everything

from cnncourse import Sequential
from cnncourse.support.files import ABANDONED

SCRIPT = Path(killed_save.__file__)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_a_killed_save_leaves_a_whole_file(tmp_path, monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    path, rng, last, cut = tmp_path / "model.npz", np.random.default_rng(0), 0, 0
    model = everything()
    model.compile("adam")
    model.set_weights([0 * weight for weight in model.get_weights()])
    model.save(path)
    for _ in range(request.config.getoption("--kills")):
        process = subprocess.Popen([sys.executable, SCRIPT, path], stdout=subprocess.PIPE)
        assert process.stdout.readline().strip() == b"ready"
        time.sleep(rng.uniform(0, 0.1))
        process.kill()
        process.wait()
        process.stdout.close()
        weights = Sequential.load(path).get_weights()
        number = weights[0].flat[0]
        assert number >= last and all((weight == number).all() for weight in weights)
        last = number
        cut += len(os.listdir(tmp_path)) > 1
    for left in tmp_path.glob(".*.part"):  # a while later
        os.utime(left, (time.time() - 2 * ABANDONED,) * 2)
    model.save(path)
    assert Sequential.load(path).count_params() == model.count_params()
    assert os.listdir(tmp_path) == ["model.npz"], "what the killed ones left is gone"
    print(f"{cut} of the kills came while a file was being written; {int(last)} saves")
