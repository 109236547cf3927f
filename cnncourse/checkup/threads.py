"""How many threads the kernels have, which layer runs them, and how wide their vectors are."""

import os

import numba
import numpy as np

from ..kernels import get
from ..kernels.cpu.simd.vector_width import VECTOR_WIDTH
from .diagnosis import OK, Diagnosis


def examine():
    """What numba says once a parallel kernel has run."""
    cpu = get("cpu")
    cpu.relu(cpu.asarray(np.ones(1000)), cpu.empty(1000))
    return Diagnosis(
        OK,
        f"{numba.config.NUMBA_NUM_THREADS} of {os.cpu_count()} cores, by the threading layer "
        f"{numba.threading_layer()!r}; SIMD: {VECTOR_WIDTH} floats at once",
    )
