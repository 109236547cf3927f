"""Each thing that the doctor looks at: the right verdict, and what to do."""

import json
import os
import sys
import time
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnncourse import checkup
from cnncourse.checkup import (
    cache,
    data,
    gpu,
    home,
    lab,
    memory,
    packages,
    python,
    versions,
    widgets,
)
from cnncourse.checkup.diagnosis import OK, TO_DO, WARNING, Diagnosis
from cnncourse.kernels import compiled_code, gpu_detection

TOP = Path(python.__file__).parents[2]


# Python


def test_a_python_that_is_newer_than_what_was_tested(monkeypatch):
    monkeypatch.setattr(python, "NEWEST", (3, 11))
    monkeypatch.setattr(sys, "version_info", (3, 12, 0, "final", 0))
    found = python.examine()
    assert found.verdict == WARNING and "newer than what was tested, 3.11 to 3.11" in found.text


def test_the_bounds_are_those_of_the_project():
    assert 'requires-python = ">=3.11"' in (TOP / "pyproject.toml").read_text(encoding="utf-8")
    workflow = (TOP / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert 'python: ["3.11", "3.14"]' in workflow
    assert (python.OLDEST, python.NEWEST) == ((3, 11), (3, 14))


# Packages


def with_versions(monkeypatch, **installed):
    """As if the packages were installed in these versions, ``None`` for not at all."""

    def version(name):
        if installed[name] is None:
            raise PackageNotFoundError(name)
        return installed[name]

    requires = ["numpy>=2.0,<2.5", "scipy>=1.13,<2", 'jupyterlab>=4.2,<5; extra == "lab"']
    monkeypatch.setattr(versions, "requires", lambda name: requires)
    monkeypatch.setattr(versions, "version", version)


@pytest.mark.parametrize(
    ("numpy", "verdict", "text"),
    [
        ("2.4.6", OK, "numpy 2.4.6; scipy 1.15"),
        ("2.5.0", WARNING, "numpy 2.5.0 is newer than what was tested, <2.5,>=2.0"),
        ("1.26.4", TO_DO, "numpy 1.26.4 is too old, <2.5,>=2.0"),
        (None, TO_DO, "numpy is missing"),
    ],
)
def test_versions_beside_those_that_were_tested(monkeypatch, numpy, verdict, text):
    with_versions(monkeypatch, numpy=numpy, scipy="1.15")
    found = packages.examine()
    assert (found.verdict, found.text) == (verdict, text)
    assert ("pip install" in found.advice) == (verdict != OK)


def test_a_course_that_is_only_on_the_path(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(versions, "requires", missing)
    found = packages.examine()
    assert found.verdict == WARNING and "not installed" in found.text


# JupyterLab and widgets


def test_without_jupyterlab(monkeypatch):
    with_versions(monkeypatch, jupyterlab=None)
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    found = lab.examine()
    assert (found.verdict, found.text) == (TO_DO, "jupyterlab is missing")
    assert found.advice == 'pip install "jupyterlab<5,>=4.2"'
    monkeypatch.setattr(lab, "find_spec", lambda name: True)
    assert lab.examine().verdict == WARNING and "VS Code" in lab.examine().text


def test_without_widgets(monkeypatch):
    with_versions(monkeypatch, anywidget=None)
    found = widgets.examine()
    assert found.verdict == WARNING and "pictures instead of live" in found.text
    assert "pip install" in found.advice and "start JupyterLab again" in found.advice


def test_widgets_that_were_installed_under_a_running_server(monkeypatch):
    with_versions(monkeypatch, anywidget="0.11.0")
    servers = [("http://localhost:8888/", 100.0), ("http://localhost:8889/", 300.0)]
    monkeypatch.setattr(widgets, "running_servers", lambda: servers)
    monkeypatch.setattr(widgets, "installed_at", lambda: 50.0)
    assert widgets.examine() == Diagnosis(OK, "anywidget 0.11.0: demos are live")
    monkeypatch.setattr(widgets, "installed_at", lambda: 200.0)
    found = widgets.examine()
    assert found.verdict == WARNING and "(http://localhost:8888/)" in found.text
    assert "start it again" in found.advice


def test_running_servers_are_found(tmp_path, monkeypatch):
    pytest.importorskip("jupyter_server", reason="no Jupyter server here")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    path = tmp_path / f"jpserver-{os.getpid()}.json"
    path.write_text(json.dumps({"pid": os.getpid(), "url": "http://localhost:8888/"}))
    os.utime(path, (100, 100))
    assert widgets.running_servers() == [("http://localhost:8888/", 100)]


def test_when_widgets_were_installed(monkeypatch):
    pytest.importorskip("anywidget", reason="no widgets here")
    assert 0 < widgets.installed_at() < time.time()
    monkeypatch.setattr(widgets, "distribution", lambda name: SimpleNamespace(files=None))
    assert widgets.installed_at() == 0


# Folders


@pytest.mark.parametrize("case", ["a file", "none"])
def test_a_home_that_cannot_be_written(tmp_path, monkeypatch, case):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    (tmp_path / "file").touch()  # which refuses to be a folder, for the administrator as well
    monkeypatch.setattr(home.Path, "home", nowhere if case == "none" else lambda: tmp_path / "file")
    found = home.examine()
    assert found.verdict == WARNING and "HOME" in found.advice


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch):
    assert cache.examine().verdict == OK
    monkeypatch.setattr(cache.config, "CACHE_DIR", "")
    for place, words in (
        (None, "kept nowhere"),
        (Path(cache.tempfile.gettempdir()) / "cnncourse-0" / "kernels-1", "until that is tidied"),
    ):
        monkeypatch.setattr(compiled_code, "folder", lambda place=place: place)
        found = cache.examine()
        assert found.verdict == WARNING and words in found.text
        assert "NUMBA_CACHE_DIR" in found.advice


# Data and the network


def test_offline(monkeypatch):
    """A proxy where nobody listens is as good as no network."""
    nobody = "http://127.0.0.1:9"
    for name in ("CNNCOURSE_DATA", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("https_proxy", "http_proxy", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, nobody)
    here = data.inventory.Holding("Fashion-MNIST", data.inventory.PART)
    monkeypatch.setattr(data.inventory, "holding", lambda name: here)
    found = data.examine()
    assert found.verdict == WARNING and "cannot be downloaded (http" in found.text
    assert "--from FOLDER" in found.advice


@pytest.mark.parametrize(
    ("extent", "variable", "verdict", "words"),
    [
        ("whole", "", OK, "whole"),
        ("a part", "", OK, "the rest is downloaded when first needed"),
        ("a part", "bundled", OK, "wants no more"),
        ("damaged", "", TO_DO, "file.gz: damaged"),
    ],
)
def test_data(monkeypatch, extent, variable, verdict, words):
    fault = "file.gz: damaged\nDelete it" if extent == "damaged" else ""
    here = data.inventory.Holding("MNIST", extent, "/data", fault)
    monkeypatch.setattr(data.inventory, "holding", lambda name: here)
    monkeypatch.setattr(data, "unreachable", lambda urls, patience: "")
    monkeypatch.setenv("CNNCOURSE_DATA", variable)
    found = data.examine()
    assert found.verdict == verdict and words in found.text
    assert found.advice == ("Delete it" if fault else "")


def test_a_data_folder_that_does_not_exist(monkeypatch):
    monkeypatch.setenv("CNNCOURSE_DATA", "no-such-folder")
    found = data.examine()
    assert found.verdict == TO_DO and "CNNCOURSE_DATA is 'no-such-folder'" in found.text


# Memory


@pytest.mark.parametrize(
    ("free", "verdict", "text"),
    [(8e9, OK, "8.0 GB free"), (0.5e9, WARNING, "0.5 GB free, and"), (None, OK, "not known")],
)
def test_memory(monkeypatch, free, verdict, text):
    monkeypatch.setattr(memory, "free_bytes", lambda: free)
    found = memory.examine()
    assert found.verdict == verdict and found.text.startswith(text)


def test_the_memory_of_a_container_counts(tmp_path, monkeypatch):
    pytest.importorskip("psutil", reason="nobody to be asked")
    monkeypatch.setattr(memory, "LIMITS", [tmp_path / "nowhere", tmp_path / "max"])
    (tmp_path / "max").write_text("1000000\n")
    assert memory.free_bytes() == 1_000_000
    (tmp_path / "max").write_text("max\n")
    assert memory.free_bytes() > 1_000_000


# The GPU


@pytest.mark.parametrize(
    ("found", "cards", "verdict", "text"),
    [
        (gpu_detection.Finding(False, "no driver", "buy one"), None, OK, "none, for no driver;"),
        (gpu_detection.Finding(False, "no compiler", "pip"), 1, WARNING, "none, for no compiler;"),
        (gpu_detection.Finding(True, "simulated", simulated=True), None, OK, "simulated"),
        (gpu_detection.Finding(True, "a GPU"), 1, OK, "a GPU, compiled and working"),
    ],
)
def test_a_gpu_is_tried_and_its_lack_explained(monkeypatch, found, cards, verdict, text):
    tried = []
    monkeypatch.setattr(gpu_detection, "detect", lambda: found)
    monkeypatch.setattr(gpu_detection, "driver_count", lambda: cards)
    monkeypatch.setattr(gpu, "learn", tried.append)
    said = gpu.examine()
    assert said.verdict == verdict and said.text.startswith(text)
    assert said.advice == (found.advice if verdict == WARNING else "")
    assert tried == (["cuda"] if found.usable and not found.simulated else [])


def test_a_gpu_that_computes_nonsense(monkeypatch):
    def nonsense(device):
        raise RuntimeError("a tiny model did not learn\nmore")

    monkeypatch.setattr(gpu_detection, "detect", lambda: gpu_detection.Finding(True, "a GPU"))
    monkeypatch.setattr(gpu, "learn", nonsense)
    found = checkup.examine()["GPU"]
    assert (found.verdict, found.text) == (TO_DO, "RuntimeError: a tiny model did not learn")
