"""The tests' own modules (``networks``, ``judge``, …) are found from every test file."""

import sys
from pathlib import Path

from cnncourse.kernels import gpu

sys.path.insert(0, str(Path(__file__).parent / "kernels"))

if gpu.look().simulated:  # the root's conftest.py decides that
    import simulator

    simulator.install()
