"""A check of the machine: will the course run here, and how?"""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import numba

from ..datasets import locations
from ..datasets.loading import files_of
from ..datasets.sources import SOURCES
from ..kernels import gpu_detection
from ..layers import Dense
from ..model.sequential import Sequential

PACKAGES = ("numpy", "numba", "scipy", "scikit-learn", "matplotlib", "tqdm")


def examine():
    """What the course finds on this machine, as a dict of a few words each.

    The entry ``"kernels"`` comes from a tiny model that is really trained: it is the one that
    counts. So does ``"GPU"`` where there is one. Fails with the error of whatever does not work.
    """
    return {
        "Python": platform.python_version(),
        "system": f"{platform.system()} on {platform.machine()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "threads": f"{numba.config.NUMBA_NUM_THREADS} of {os.cpu_count()} cores",
        "GPU": _gpu(),
        "data": _data(),
        "demos": _demos(),
        "kernels": _kernels(),
    }


def report():
    """Print what `examine` found, a line each."""
    findings = examine()
    width = max(map(len, findings))
    for name, finding in findings.items():
        print(f"{name:<{width}}  {finding}")


def _data():
    """Which data sets are here already."""
    if locations.only_bundled():
        return "what comes with the course, as CNNCOURSE_DATA=bundled says"
    here = [source.title for name, source in SOURCES.items() if files_of(name, source.files)]
    return f"{' and '.join(here) or 'nothing yet'}; what is missing is downloaded when needed"


def _demos():
    """Whether the demos can be live. JupyterLab looks for widgets only when it starts."""
    try:
        found = version("anywidget")
    except PackageNotFoundError:
        return 'pictures; live ones need pip install -e ".[live]"'
    return f"live, with anywidget {found}; a JupyterLab that ran before it came must start again"


def _gpu():
    """The GPU that the kernels can run on, or why there is none: the course needs none."""
    found = gpu_detection.detect()
    if not found.usable:
        return f"none ({found.description}); the CPU does it all"
    if found.simulated:
        return found.description
    _learn("cuda")
    return f"{found.description}, compiled and working, on the device 'cuda'"


def _kernels():
    return f"compiled and working, on the device {_learn()!r}"


def _learn(device=None):
    """Train a tiny model for a moment: the compiler works, and the loss falls. Gives the device."""
    model = Sequential([Dense(2)], input_shape=(2,), seed=0, device=device)
    model.compile()
    points, sides = [[-1.0, 0.0], [1.0, 0.0]], [0, 1]
    before = model.evaluate(points, sides)[0]
    model.fit(points, sides, epochs=10, verbose=False)
    if not model.evaluate(points, sides)[0] < before:
        raise RuntimeError("a tiny model did not learn: the compiled kernels give wrong results")
    return model.backend.name
