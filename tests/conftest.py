"""The tests' own modules (``networks``, ``judge``, …) are found from every test file."""

import signal
import sys
from pathlib import Path

from cnncourse.kernels import gpu

# A shell starts what runs in its background deaf to Ctrl-C, and some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

sys.path.insert(0, str(Path(__file__).parent / "kernels"))

if gpu.look().simulated:  # the root's conftest.py decides that
    import simulator

    simulator.install()
