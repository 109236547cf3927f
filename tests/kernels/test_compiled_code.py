"""Compiled code follows its sources; where nothing can be written, kernels run all the same."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnncourse.kernels import compiled_code

PACKAGE = Path(compiled_code.__file__).parents[1]
CODE = """
import numpy as np
from cnncourse import kernels
cpu = kernels.get("cpu")
x = cpu.asarray([-1.0, 2.0, 3.0])
out = cpu.empty(3)
cpu.relu(x, out)
print(out.tolist())
"""


def run(folder, **variables):
    """What `CODE` prints with the package that lies in ``folder``."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("NUMBA_ENABLE_CUDASIM", "NUMBA_CACHE_DIR"):  # kept beside the package
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        env=environment | variables,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def copied(tmp_path):
    shutil.copytree(
        PACKAGE, tmp_path / "cnncourse", ignore=shutil.ignore_patterns("__pycache__", "chapters")
    )
    return tmp_path


def kept_folders(folder):
    return [path.name for path in (folder / "cnncourse/kernels/__pycache__").glob("kernels-*")]


def test_an_edit_in_another_file_compiles_anew(copied):
    """... of a function or a constant that a kernel takes from its neighbour."""
    relu = copied / "cnncourse/kernels/cpu/relu.py"
    relu.write_text(
        relu.read_text()
        .replace(
            "from numba import prange\n", "from numba import prange\nfrom .least import LEAST\n"
        )
        .replace("0 if x[k] < 0 else x[k]", "LEAST if x[k] < LEAST else x[k]")
    )
    least = copied / "cnncourse/kernels/cpu/least.py"
    least.write_text("LEAST = 0\n")
    assert run(copied) == ["[0.0, 2.0, 3.0]"]
    before = kept_folders(copied)
    assert len(before) == 1
    assert run(copied) == ["[0.0, 2.0, 3.0]"] and kept_folders(copied) == before
    least.write_text("LEAST = 9\n")
    assert run(copied) == ["[9.0, 9.0, 9.0]"]
    after = kept_folders(copied)
    assert len(after) == 1 and after != before, "what is out of date goes"


def test_the_digest_sees_every_file_and_the_compiler(copied, monkeypatch):
    monkeypatch.setattr(compiled_code, "HERE", copied / "cnncourse/kernels")
    digests = [compiled_code.digest()]
    for path in sorted((copied / "cnncourse/kernels").rglob("*.py"))[::10]:
        path.write_text(path.read_text() + "\n# edited\n")
        digests.append(compiled_code.digest())
    monkeypatch.setattr(compiled_code.numba, "__version__", "0.0")
    digests.append(compiled_code.digest())
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("place", ["home", "temporary folder", "nowhere"])
def test_where_the_package_cannot_be_written(copied, tmp_path, place):
    """A file in the place of a folder refuses to be one, for the system's owner as well."""
    (copied / "cnncourse/kernels/__pycache__").write_text("no folder")
    (tmp_path / "no-home").write_text("no folder")
    good = tmp_path / "good"
    good.mkdir()
    home = good if place == "home" else tmp_path / "no-home"
    variables = {"HOME": str(home), "USERPROFILE": str(home), "NUMBA_CACHE_DIR": ""}
    if place == "nowhere":
        code = "import tempfile; tempfile.gettempdir = lambda: '/dev/null/nothing'"
        (copied / "sitecustomize.py").write_text(code)
    else:
        variables |= {"TMPDIR": str(good), "TEMP": str(good)}
    *said, result = run(copied, **variables)
    assert result == "[0.0, 2.0, 3.0]"
    assert len(said) == (place != "home")
    assert bool(list(good.rglob("kernels-*"))) == (place != "nowhere")
    if said:
        assert ("kept nowhere" if place == "nowhere" else "are kept in") in said[0]


@pytest.mark.skipif(os.name == "nt", reason="no folder takes an empty one's place in Windows")
def test_what_the_packages_owner_has_compiled_is_taken_over(copied, tmp_path, monkeypatch):
    """A server with one package for all: the user's folder begins with the owner's code."""
    run(copied)
    (name,) = kept_folders(copied)
    theirs = copied / "cnncourse/kernels/__pycache__" / name
    assert theirs.stat().st_mode & 0o044, "others may read it"
    before = {path.name: path.read_bytes() for path in theirs.rglob("*") if path.is_file()}
    monkeypatch.setattr(compiled_code, "HERE", copied / "cnncourse/kernels")
    mine = tmp_path / "cache" / name
    mine.mkdir(parents=True)
    compiled_code._begin_with_the_owners(mine)
    assert {path.name: path.read_bytes() for path in mine.rglob("*") if path.is_file()} == before
    assert [path.name for path in mine.parent.iterdir()] == [name]

    (mine / "own").write_text("compiled here")
    compiled_code._begin_with_the_owners(mine)
    assert (mine / "own").exists(), "what is there stays"
