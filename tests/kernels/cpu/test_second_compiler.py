"""The first training step is compiled by two processes; without the second one, by this one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnncourse.kernels.cpu.parallel import second_compiler

PACKAGE = Path(second_compiler.__file__).parents[3]
STEP = """
import numpy as np
from numba.core import event

from cnncourse import Sequential, layers
from cnncourse.kernels.cpu.parallel import second_compiler

compiled = set()


class Watcher(event.Listener):
    def on_start(self, event):
        compiled.add(event.data["dispatcher"].py_func.__name__)

    def on_end(self, event):
        pass


event.register("numba:compile", Watcher())
chain = [layers.Conv2D(2, 3, activation="relu"), layers.Conv2D(2, 3, activation="relu"),
         layers.Flatten(), layers.Dense(2)]
model = Sequential(chain, input_shape=(40, 40, 1), seed=0)
model.compile("sgd", "softmax_cross_entropy")
model.train_on_batch(np.ones((4, 40, 40, 1)), [0, 1, 1, 0])
process = second_compiler._Second.process
print(None if process is None else process.wait())
gradients = {"_kernel_gradient", "_input_gradient"}
print(*sorted(compiled & (gradients | {"convolve_widened"})))
"""


@pytest.fixture
def nothing_compiled(tmp_path):
    """A folder with the package, which has never run there."""
    ignored = shutil.ignore_patterns("__pycache__", "chapters")
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=ignored)
    return tmp_path


def lines_of_a_step(folder):
    environment = os.environ | {"PYTHONPATH": str(folder)}
    environment.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, "-c", STEP]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(second_compiler.config.NUMBA_DEFAULT_NUM_THREADS < 2, reason="one core")
def test_the_first_step_finds_the_gradients_compiled(nothing_compiled):
    assert lines_of_a_step(nothing_compiled) == ["0", "convolve_widened"]
    assert lines_of_a_step(nothing_compiled) == ["None", ""], "all is found, nobody is started"


def test_without_it_the_first_step_compiles_them_itself(nothing_compiled):
    (nothing_compiled / "cnncourse/kernels/cpu/compile_gradients.py").write_text("0 / 0")
    code, compiled = lines_of_a_step(nothing_compiled)
    assert code in ("1", "None") and "_kernel_gradient" in compiled


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder for compiled code, and two cores; the command is one that does nothing."""
    monkeypatch.setattr(second_compiler, "folder", lambda: tmp_path)
    monkeypatch.setattr(second_compiler.config, "NUMBA_DEFAULT_NUM_THREADS", 2)
    monkeypatch.setattr(second_compiler, "COMMAND", "this")
    return tmp_path


def test_there_is_one_for_each_folder(empty):
    assert second_compiler._started().wait() == 0
    assert second_compiler._started() is None


@pytest.mark.parametrize("case", ["one core", "no folder", "compiled", "frozen", "no Python"])
def test_where_there_is_none(empty, monkeypatch, case):
    if case == "one core":
        monkeypatch.setattr(second_compiler.config, "NUMBA_DEFAULT_NUM_THREADS", 1)
    elif case == "no folder":
        monkeypatch.setattr(second_compiler, "folder", lambda: None)
    elif case == "compiled":
        (empty / "cpu_1").mkdir()
        (empty / "cpu_1/convolution_input_gradient._input_gradient-62.py311.nbi").touch()
    elif case == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    else:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert second_compiler._started() is None
