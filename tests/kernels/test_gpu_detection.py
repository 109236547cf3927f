"""Choosing a device: a GPU, or a clear message about why there is none."""

import ctypes
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from small_models import same_weights, small

import cnncourse
from cnncourse import kernels
from cnncourse.kernels import gpu_detection

NO_DRIVER = "there is no NVIDIA driver on this machine"


@pytest.fixture
def no_gpu(monkeypatch):
    """As on a machine without a GPU, whatever the tests run on."""
    forget()
    monkeypatch.setattr(gpu_detection, "_is_simulated", lambda: False)
    monkeypatch.setattr(gpu_detection, "driver_count", lambda: None)
    yield monkeypatch
    monkeypatch.undo()
    forget()


def forget():
    for remembered in (gpu_detection.detect, kernels._best, kernels._require_gpu):
        remembered.cache_clear()


def test_cuda_without_a_gpu_says_why_and_what_to_do(no_gpu):
    with pytest.raises(RuntimeError) as caught:
        cnncourse.use_device("cuda")
    message = str(caught.value)
    assert NO_DRIVER in message
    assert "device 'cpu', or with 'auto'" in message
    assert kernels.get().name == "cpu"  # nothing was changed
    for attempt in (lambda: small(device="cuda"), lambda: small().to("cuda")):
        with pytest.raises(RuntimeError, match="no GPU can be used"):
            attempt()


def test_a_model_that_could_not_move_is_whole(no_gpu):
    model = small()
    before = model.get_weights()
    with pytest.raises(RuntimeError):
        model.to("cuda")
    assert model.backend.name == "cpu" and same_weights(model, before)


@pytest.mark.parametrize(
    ("count", "installed", "description", "advice"),
    [
        (None, True, NO_DRIVER, "graphics card and its driver"),
        (0, True, "finds no graphics card", "CUDA_VISIBLE_DEVICES"),
        (1, False, "numba-cuda, the compiler for GPUs, is not installed", "cuda13"),
    ],
)
def test_each_reason_has_its_advice(no_gpu, count, installed, description, advice):
    no_gpu.setattr(gpu_detection, "driver_count", lambda: count)
    no_gpu.setattr(gpu_detection.importlib.util, "find_spec", lambda name: installed or None)
    found = gpu_detection.detect()
    assert not found.usable
    assert description in found.description
    assert advice in found.advice


def test_a_toolkit_that_fails_is_reported_not_raised(no_gpu):
    def broken():
        raise OSError("libnvvm.so: not found\nand much more")

    no_gpu.setattr(gpu_detection, "driver_count", lambda: 1)
    no_gpu.setattr(gpu_detection.importlib.util, "find_spec", lambda name: True)
    no_gpu.setattr(gpu_detection, "_first_kernel", broken)
    found = gpu_detection.detect()
    assert not found.usable
    assert found.description == "a first kernel failed with OSError: libnvvm.so: not found"


def test_auto_goes_to_the_cpu_and_says_so_once(no_gpu, capsys):
    assert small(device="auto").backend.name == "cpu"
    assert capsys.readouterr().out == f"No GPU: {NO_DRIVER}. The CPU is used instead.\n"
    cnncourse.use_device("auto")
    assert kernels.get().name == "cpu"
    assert capsys.readouterr().out == ""


def test_auto_takes_a_gpu(no_gpu):
    no_gpu.setattr(gpu_detection, "driver_count", lambda: 1)
    no_gpu.setattr(gpu_detection.importlib.util, "find_spec", lambda name: True)
    no_gpu.setattr(gpu_detection, "_first_kernel", lambda: "a GPU")
    assert kernels._best() == "cuda"
    assert gpu_detection.detect().description == "a GPU"


def test_a_pickled_model_comes_back_without_its_gpu(no_gpu, capsys):
    model = small()
    state = pickle.dumps(model).replace(b"\x8c\x03cpu", b"\x8c\x04cuda")
    restored = pickle.loads(state)
    assert restored.backend.name == "cpu" and same_weights(restored, model)
    assert restored.predict(np.zeros((1, 8, 7, 2))).shape == (1, 3)
    assert "The CPU is used instead." in capsys.readouterr().out


def test_the_driver_is_asked_without_numba():
    """So it costs nothing, and the tests can ask before numba is imported."""
    code = (
        "import sys; from cnncourse.kernels import gpu_detection; gpu_detection.missing(); "
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_a_driver_that_cannot_start_counts_no_gpu(monkeypatch):
    class Driver:
        @staticmethod
        def cuInit(flags):
            return 100  # no device

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Driver)
    assert gpu_detection.driver_count() == 0


def test_detect_is_silent_and_children_are_not_simulated():
    """Not even with warnings as errors; and what pytest simulates stays in pytest's process."""
    code = "from cnncourse.kernels import gpu_detection; print(gpu_detection.detect().simulated)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=300
    )
    assert (done.stdout, done.stderr) == ("False\n", "")
    assert "NUMBA_ENABLE_CUDASIM" not in os.environ


def test_numpy_lends_its_old_name_only_for_the_import(monkeypatch):
    from cnncourse.kernels.cuda.compiler import _importable_with_numpy_2_5

    monkeypatch.delattr(np, "row_stack", raising=False)  # as in NumPy 2.5
    with _importable_with_numpy_2_5():
        assert np.row_stack is np.vstack
    assert not hasattr(np, "row_stack")
