"""How fast, and how fast it could be: a clock, the machine's limits, and a convolution's work.

``measure.py`` has the clock, ``machine.py`` the limits of the CPU and its memory,
``convolution.py`` the operations and bytes of one convolution, and whether a result is right.
"""

from ..kernels import cpu  # noqa: F401  before anything of numba's: it says how threads wait
from .convolution import error_share, numpy_einsum, operations, simd, traffic
from .machine import all_threads, bandwidth, peak, speed_by_size, threads
from .measure import Timing, measure

__all__ = [
    "Timing",
    "all_threads",
    "bandwidth",
    "error_share",
    "measure",
    "numpy_einsum",
    "operations",
    "peak",
    "simd",
    "speed_by_size",
    "threads",
    "traffic",
]
