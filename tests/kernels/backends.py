"""The backends under test: all but the reference, which defines what is right."""

import pytest

from cnncourse import kernels
from cnncourse.kernels import gpu

BACKENDS = [name for name in kernels.DEVICES if name != "reference"]
every_backend = pytest.mark.parametrize(
    "backend", [kernels.get(name) for name in BACKENDS], ids=BACKENDS
)
# where a simulator runs a kernel, a number takes microseconds
SLOW = {name: name == "cuda" and gpu.look().simulated for name in BACKENDS}
