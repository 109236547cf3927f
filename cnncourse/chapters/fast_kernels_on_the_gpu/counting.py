"""How often a convolution's threads go to memory, counted from the shapes, and launches counted.

The tests count the same in the simulator, access by access.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from ...kernels.cuda import graphs
from ...kernels.cuda.compiler import jit
from ...kernels.cuda.launch_queue import queue
from ...kernels.cuda.launching import blocks
from ...kernels.cuda.tile_sizes import Tile, tile_and_parts
from ...timing.convolution import operations, result_shape
from . import register_tiled_kernel as registers
from . import tiled_kernel as tiled

TILED = Tile(tiled.TILE, tiled.TILE, thread_m=1, thread_n=1, block_k=tiled.TILE)
REGISTERS = Tile(
    registers.TILE, registers.TILE, registers.EACH, registers.EACH, block_k=registers.STEP
)


@dataclass(frozen=True)
class Loads:
    """The values that all threads of a launch read, and the multiply-adds that they do.

    >>> Loads(multiply_adds=100, memory=200, shared=0).each()
    (2.0, 0.0)
    """

    multiply_adds: int
    memory: int  # read from the GPU's memory
    shared: int  # read from shared memory

    def each(self):
        """Values read for each multiply-add: from the GPU's memory, and from shared memory."""
        return self.memory / self.multiply_adds, self.shared / self.multiply_adds


def course_tile(x, kernel):
    """The tile that the course's kernel takes for these arrays, which are as a rung takes them.

    >>> import numpy as np
    >>> course_tile(np.zeros((1, 9, 9, 1), np.float32), np.zeros((2, 2, 1, 5), np.float32))
    Tile(block_m=64, block_n=32, thread_m=4, thread_n=4, block_k=8)
    """
    images, rows, columns, filters = result_shape(x, kernel)
    tile, _ = tile_and_parts(images * rows * columns, filters, kernel[..., 0].size)
    return tile


def naive_loads(x, kernel):
    """`Loads` of the naive kernel: each thread reads both factors of each product.

    ``x``, ``kernel``: arrays as a rung takes them.

    >>> import numpy as np
    >>> x, kernel = np.zeros((1, 3, 3, 1), np.float32), np.zeros((2, 2, 1, 5), np.float32)
    >>> naive_loads(x, kernel)
    Loads(multiply_adds=80, memory=160, shared=0)
    """
    products = operations(x, kernel) // 2
    return Loads(products, 2 * products, 0)


def tiled_loads(x, kernel, tile):
    """`Loads` of a kernel with tiles in shared memory.

    Every column of blocks reads all that the windows see, every row of blocks reads all weights.
    Where a tile is larger than what is left of the output, its threads multiply zeros that nobody
    needs; those reads from shared memory count, too.

    ``x``, ``kernel``: arrays as a rung takes them; ``tile``: a `Tile`.

    >>> import numpy as np
    >>> x, kernel = np.zeros((1, 5, 5, 1), np.float32), np.zeros((2, 2, 1, 16), np.float32)
    >>> tiled_loads(x, kernel, TILED)  # 16 positions × 4 cells + 4 cells × 16 filters
    Loads(multiply_adds=1024, memory=128, shared=8192)
    """
    images, rows, columns, filters = result_shape(x, kernel)
    positions, cells = images * rows * columns, kernel[..., 0].size
    along_m, along_n = tile.grid(positions, filters)
    threads = along_m * along_n * tile.threads[0] * tile.threads[1]
    padded_cells = blocks(cells, tile.block_k) * tile.block_k
    return Loads(
        multiply_adds=positions * filters * cells,
        memory=along_n * positions * cells + along_m * filters * cells,
        shared=threads * padded_cells * (tile.thread_m + tile.thread_n),
    )


@contextmanager
def launches():
    """Count the launches within the block: gives a ``Counter``, a kernel's name → its launches.

    A CUDA graph is one launch, ``"graph"``, whatever is in it.

    >>> from cnncourse.kernels import cuda
    >>> array = cuda.asarray([-1.0, 2.0])
    >>> with launches() as counted:
    ...     cuda.relu(array, array)
    >>> counted
    Counter({'relu': 1})
    """
    counted = Counter()
    kind = type(nothing)
    configure = kind.__getitem__

    def counting(kernel, configuration):
        counted[_name(kernel)] += 1
        return configure(kernel, configuration)

    def uncounted(function, graph):
        kind.__getitem__ = configure
        try:
            return function(graph)
        finally:
            kind.__getitem__ = counting

    def counting_graph(graph):
        counted["graph"] += 1
        uncounted(launch_graph, graph)  # in a simulator, it is a list of launches

    queue.before_reading()  # what waits was launched before
    launch_graph, captured = graphs.launch_graph, graphs.captured
    graphs.launch_graph = counting_graph
    graphs.captured = partial(uncounted, captured)  # they are written down, not made
    kind.__getitem__ = counting  # every other launch is written kernel[grid, block](…)
    try:
        yield counted
        queue.before_reading()
    finally:
        kind.__getitem__ = configure
        graphs.launch_graph, graphs.captured = launch_graph, captured


def _name(kernel):
    """The function's name, or that of the function which made it for a tile or a term."""
    return getattr(kernel, "py_func", kernel).__qualname__.split(".")[0].strip("_")


@jit
def nothing():
    """A kernel that does nothing: what all kernels' type is, and what a launch takes."""
