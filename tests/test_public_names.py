"""What ``cnncourse`` offers, and what importing it leaves alone."""

import subprocess
import sys

import pytest

import cnncourse

NAMES = [
    "CNNClassifier",
    "Sequential",
    "animations",
    "augmentation",
    "callbacks",
    "datasets",
    "demos",
    "distributed",
    "explanations",
    "export",
    "filters",
    "gradients",
    "initializers",
    "kernels",
    "layers",
    "losses",
    "metrics",
    "networks",
    "optimizers",
    "plots",
    "progress",
    "quantization",
    "schedules",
    "to_categorical",
    "use_device",
]
HEAVY = ("numba", "matplotlib", "sklearn")


def test_the_names():
    assert cnncourse.__all__ == dir(cnncourse) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_had(name):
    assert getattr(cnncourse, name) is not None


def test_an_unknown_name_gets_the_list():
    with pytest.raises(AttributeError, match=f"no attribute 'models'; it has {', '.join(NAMES)}$"):
        cnncourse.models  # noqa: B018


def test_the_import_is_light():
    code = f"import cnncourse, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
