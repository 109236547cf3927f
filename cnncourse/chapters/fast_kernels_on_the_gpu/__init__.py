"""What the chapter about the GPU uses: from the smallest kernel to register blocking.

``first_kernels.py`` has threads and blocks, ``adding_up.py`` sums by many threads, and
``interleaving.py`` what goes wrong there; ``warps.py`` draws what the threads of a warp do
together; ``rungs.py`` has the convolutions, whose kernels are in ``naive_kernels.py``,
``tiled_kernel.py`` and ``register_tiled_kernel.py``, with ``window_cells.py`` for both of these and
``parts.py`` to show them; ``counting.py`` counts loads and launches, ``costs.py`` the price of
copies, ``rounding.py`` says how much two correct results differ; ``pictures.py`` and ``charts.py``
draw, ``exercises.py`` checks.

Where there is no GPU, set ``NUMBA_ENABLE_CUDASIM=1`` before numba is first imported: numba's
simulator runs the same kernels.
"""

from . import (
    adding_up,
    charts,
    exercises,
    first_kernels,
    interleaving,
    naive_kernels,
    pictures,
    register_tiled_kernel,
    tiled_kernel,
    warps,
    window_cells,
)
from .costs import Costs, measured, synchronized
from .counting import REGISTERS, TILED, Loads, course_tile, launches, naive_loads, tiled_loads
from .parts import part
from .rounding import in_pairs, in_random_orders, one_by_one, tolerance
from .rungs import course, naive, register_tiled, tiled
from .speeds import speeds

__all__ = [
    "REGISTERS",
    "TILED",
    "Costs",
    "Loads",
    "adding_up",
    "charts",
    "course",
    "course_tile",
    "exercises",
    "first_kernels",
    "in_pairs",
    "in_random_orders",
    "interleaving",
    "launches",
    "measured",
    "naive",
    "naive_kernels",
    "naive_loads",
    "one_by_one",
    "part",
    "pictures",
    "register_tiled",
    "register_tiled_kernel",
    "speeds",
    "synchronized",
    "tiled",
    "tiled_kernel",
    "tiled_loads",
    "tolerance",
    "warps",
    "window_cells",
]
