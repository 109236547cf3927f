"""The first time, two processes compile: this one, and a second one the gradients of convolutions.

numba compiles one function after the other. Those two take nearly as long as all else that a
first training step needs, and they come last. So a second process compiles them into the same
folder, while this one compiles what comes before; then they are found there, as at later starts.

The ways for maps of few positions, which take less time to compile, are left to this process.

There is a second process once for each folder, and only where they are not compiled yet. Should it
fail, this process compiles them itself.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from numba import config

from ...compiled_code import folder

PACKAGE = __name__.removesuffix(".parallel.second_compiler")
COMMAND = f"{PACKAGE}.compile_gradients"
# the modules whose kernels it compiles
COMPILED_THERE = "convolution_kernel_gradient", "convolution_input_gradient"
MARK = "second-compiler"  # an empty file in the folder: there has been one
MOST_SECONDS = 120  # then something is wrong with it


class _Second:
    """The second process, if this one has started it."""

    asked_for = False
    process = None


def start():
    """Start the second process, if it has not been asked for before and is of any use."""
    if not _Second.asked_for:
        _Second.asked_for = True
        _Second.process = _started()


def wait_for(function):
    """Wait for the second process, if there is one and it compiles ``function``."""
    module = function.__module__.rpartition(".")[2]
    if _Second.process is not None and module in COMPILED_THERE:
        with suppress(subprocess.TimeoutExpired):
            _Second.process.wait(MOST_SECONDS)


def _started():
    """The process, or ``None`` where there is nothing to do for it, or no way to start it."""
    place = folder()
    if place is None or config.NUMBA_DEFAULT_NUM_THREADS < 2:
        return None
    if any(any(place.rglob(f"{name}.*")) for name in COMPILED_THERE):
        return None
    if not sys.executable or getattr(sys, "frozen", False):  # it would start something else
        return None
    try:
        (place / MARK).touch(exist_ok=False)  # of several processes, one only
        return subprocess.Popen(
            [sys.executable, "-m", COMMAND],
            env=os.environ | _environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # a window, on Windows only
        )
    except OSError:
        return None


def _environment():
    """So that it finds this package, and this folder."""
    top = str(Path(__file__).parents[4])
    chosen = {"NUMBA_CACHE_DIR": config.CACHE_DIR} if config.CACHE_DIR else {}
    return {"PYTHONPATH": os.pathsep.join([top, *filter(None, sys.path)])} | chosen
