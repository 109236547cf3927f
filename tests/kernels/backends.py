"""The backends under test: all but the reference, which defines what is right."""

import pytest

from cnncourse import kernels

BACKENDS = [name for name in kernels.DEVICES if name != "reference"]
every_backend = pytest.mark.parametrize(
    "backend", [kernels.get(name) for name in BACKENDS], ids=BACKENDS
)
