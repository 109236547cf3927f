"""The rungs of the ladder: one convolution on the GPU, ever fewer trips to its memory.

Arguments, results and errors are those of the rungs on the CPU, NumPy arrays: cross-correlation
with stride 1 and without padding, float32. Each rung copies its arguments to the GPU, launches one
kernel, and copies the result back.
"""

import numpy as np

from ...kernels import cuda as gpu
from ...kernels.cuda.compiler import cuda
from ...kernels.cuda.launching import blocks
from ...kernels.geometry import Geometry
from ...timing.convolution import result_shape
from . import register_tiled_kernel as registers
from .naive_kernels import naive_conv2d
from .tiled_kernel import TILE, tiled_conv2d

THREADS = 32  # of a block of `naive`


def naive(x, kernel):
    """One value of the result a thread, from the definition. See ``naive_kernels.py``.

    >>> naive(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    return _through_the_gpu(launch_naive, x, kernel)


def tiled(x, kernel):
    """Tiles in shared memory, which a block's threads load together. See ``tiled_kernel.py``.

    >>> tiled(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    return _through_the_gpu(launch_tiled, x, kernel)


def register_tiled(x, kernel):
    """Tiles in shared memory, and in each thread's registers. See ``register_tiled_kernel.py``.

    >>> register_tiled(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0]
    array([[4.],
           [4.]], dtype=float32)
    """
    return _through_the_gpu(launch_registers, x, kernel)


def course(x, kernel):
    """The course's own kernel, an implicit GEMM. See ``kernels/cuda/implicit_gemm.py``.

    >>> course(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    out = gpu.empty(result_shape(x, kernel))
    if out.size:
        launch_course(gpu.asarray(x), gpu.asarray(kernel), out)
    return gpu.to_numpy(out)


def launch_naive(x, kernel, out):
    """Launch `naive`'s kernel on arrays that are on the GPU already."""
    naive_conv2d[blocks(out.size, THREADS), THREADS](x, kernel, (1, 1), (0, 0), out)


def launch_tiled(x, kernel, out):
    """Launch `tiled`'s kernel on arrays that are on the GPU already."""
    tiled_conv2d[_grid(out, TILE), (TILE, TILE)](x, kernel, (1, 1), (0, 0), out)


def launch_registers(x, kernel, out):
    """Launch `register_tiled`'s kernel on arrays that are on the GPU already."""
    side = registers.SIDE
    grid = _grid(out, registers.TILE)
    registers.register_conv2d[grid, (side, side)](x, kernel, (1, 1), (0, 0), out)


def launch_course(x, kernel, out):
    """Launch the course's kernel on arrays of its backend."""
    geometry = Geometry.of(x.shape[1:3], kernel.shape[:2], (1, 1), "valid")
    gpu.conv2d(x, kernel, geometry, out)


def _grid(out, tile):
    """The blocks that cover positions × filters by square tiles."""
    filters = out.shape[3]
    return blocks(out.size // filters, tile), blocks(filters, tile)


def _through_the_gpu(launch, x, kernel):
    out = cuda.device_array(result_shape(x, kernel), np.float32)
    if out.size:
        launch(*(cuda.to_device(np.ascontiguousarray(array)) for array in (x, kernel)), out)
    return out.copy_to_host()
