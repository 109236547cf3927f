"""Kill -9 at random moments of a start: every file whole, every edit kept, and the next one works.

pytest tests/work_folder/test_killed_starts.py --kills 100
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import killed_start
import numpy as np
import pytest

from cnncourse.support.files import ABANDONED
from cnncourse.work_folder.delivery import deliver

SCRIPT = Path(killed_start.__file__)
MINE = b"a person's own"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_a_killed_start(tmp_path, monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    rng, edited, version, cut = np.random.default_rng(0), set(), 0, 0
    for _ in range(request.config.getoption("--kills")):
        command = [sys.executable, SCRIPT, tmp_path, str(version + 1)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, 0.3))
        process.kill()
        said, _ = process.communicate()
        version = max([version, *map(int, said.split())]) + 1  # that one may have begun
        cut += bool(list(tmp_path.rglob("*.part")))
        for path in (tmp_path / "notebooks").glob("*.ipynb"):
            content = path.read_bytes()
            if path.name in edited:
                assert content == MINE
            else:
                number = int(content.split()[0])
                assert content == b"%d " % number * 10_000 and number <= version
        name = f"{rng.integers(20)}.ipynb"
        if (tmp_path / "notebooks" / name).exists():
            (tmp_path / "notebooks" / name).write_bytes(MINE)
            edited.add(name)
    for path in tmp_path.rglob("*.part"):  # a while later
        os.utime(path, (time.time() - 2 * ABANDONED,) * 2)
    last = {f"notebooks/{k}.ipynb": b"the last" for k in range(20)}
    done = deliver(tmp_path, last)
    assert {Path(name).name for name in done.beside} == edited
    for name in last:
        mine = Path(name).name in edited
        assert (tmp_path / name).read_bytes() == (MINE if mine else b"the last")
    for beside in done.beside.values():
        assert (tmp_path / beside).read_bytes() == b"the last"
    assert not list(tmp_path.rglob("*.part")), "what the killed ones left is gone"
    print(f"{cut} of the kills came while a file was being written; {len(edited)} edits kept")
