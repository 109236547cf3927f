"""The tests' own modules (``small_models``, ``judge``, …) and ``tools`` are found everywhere."""

import signal
import sys
from pathlib import Path

from numba import config

from cnncourse.kernels import gpu_detection

# A shell starts what runs in its background deaf to Ctrl-C, and some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
FOLDERS = (
    HERE,
    HERE / "model",
    HERE / "kernels",
    HERE / "kernels" / "cpu",
    HERE / "kernels" / "cuda",
    HERE.parent / "tools",
)
sys.path[:0] = map(str, FOLDERS)

if gpu_detection.detect().simulated:  # the root's conftest.py decides that
    import simulator

    simulator.install()

if config.DISABLE_JIT:
    import plain_python

    plain_python.install()
