"""The speed ladder of chapter 04: one convolution from Python loops to the machine's limits.

``rungs.py`` has the convolutions, ``loops.py`` the loops they compile, ``measure.py`` the clock,
``machine.py`` the limits, ``pictures.py`` and ``charts.py`` the drawings, ``exercises.py`` the
checks.
"""

from ..kernels import cpu  # noqa: F401  before anything of numba's: it says how threads wait
from . import charts, exercises, loops, pictures
from .machine import all_threads, bandwidth, peak, speed_by_size, threads
from .measure import Timing, duration, error_share, measure, operations, traffic
from .rungs import (
    compiled,
    numpy_einsum,
    numpy_matmul,
    python_loops,
    reordered,
    simd,
    threaded,
    unrolled,
    windows_as_rows,
)
from .source import Source, show

__all__ = [
    "Source",
    "Timing",
    "all_threads",
    "bandwidth",
    "charts",
    "compiled",
    "duration",
    "error_share",
    "exercises",
    "loops",
    "measure",
    "numpy_einsum",
    "numpy_matmul",
    "operations",
    "peak",
    "pictures",
    "python_loops",
    "reordered",
    "show",
    "simd",
    "speed_by_size",
    "threaded",
    "threads",
    "traffic",
    "unrolled",
    "windows_as_rows",
]
