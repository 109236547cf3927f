"""The speed ladder: one convolution, from Python loops to the machine's limits.

``rungs.py`` has the convolutions, ``loops.py`` the loops they compile, ``charts.py`` and
``roofline.py`` what was measured, ``pictures.py``, ``im2col.py`` and ``memory_hierarchy.py`` the
drawings, ``exercises.py`` the checks. The clock and the
machine's limits are in `cnncourse.timing`.
"""

from ...timing.convolution import numpy_einsum, simd
from . import charts, exercises, loops, pictures
from .im2col import patches_as_rows
from .memory_hierarchy import memory_hierarchy
from .roofline import roofline
from .rungs import (
    compiled,
    numpy_matmul,
    python_lists,
    python_loops,
    reordered,
    threaded,
    unrolled,
    windows_as_rows,
)

__all__ = [
    "charts",
    "compiled",
    "exercises",
    "loops",
    "numpy_einsum",
    "numpy_matmul",
    "memory_hierarchy",
    "patches_as_rows",
    "pictures",
    "python_lists",
    "python_loops",
    "reordered",
    "roofline",
    "simd",
    "threaded",
    "unrolled",
    "windows_as_rows",
]
