"""The backends under test: all but the reference, which defines what is right."""

import pytest

from cnncourse import kernels
from cnncourse.kernels import gpu_detection

BACKENDS = [name for name in kernels.DEVICES if name != "reference"]
every_backend = pytest.mark.parametrize(
    "backend", [kernels.get(name) for name in BACKENDS], ids=BACKENDS
)
# where a simulator runs a kernel, a number takes microseconds
SLOW = {name: name == "cuda" and gpu_detection.detect().simulated for name in BACKENDS}
