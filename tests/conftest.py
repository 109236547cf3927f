"""The tests' own modules (``networks``, ``judge``, …) are found from every test file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "kernels"))
