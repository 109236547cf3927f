"""The one place that names the compiler; all kernels take ``cuda``, ``jit`` and types from here.

It is numba.cuda: from the package numba-cuda on a GPU, or numba's simulator, which runs the same
kernels in Python where ``NUMBA_ENABLE_CUDASIM=1`` was set before numba was imported.

Rules for kernels, which the compiler and the simulator take from us:

- constants of type float32: a bare ``0.0`` would make the sum a float64, on a GPU 2 to 64 times
  slower; so also ``math.exp``, not ``np.exp``, and float arguments as ``np.float32``;
- one ``cuda.shared.array`` a line: the simulator takes two on one line for the same;
- all threads of a block come to each barrier: an ``if`` around the work, no early ``return``;
- threads of a warp take the same side of an ``if`` where they can: a warp takes both sides, one
  after the other, if its threads disagree (*warp divergence*);
- `jit` makes kernels, `device` makes functions that kernels call.
"""

import warnings
from contextlib import contextmanager

import numpy as np
from numba import float32, int32, uint32


@contextmanager
def _importable_with_numpy_2_5():
    """While numba-cuda is imported: NumPy has ``row_stack``, and no deprecation warning is shown.

    NumPy 2.5 has no ``row_stack`` any more, which numba-cuda 0.30 looks up once
    (github.com/NVIDIA/numba-cuda/issues/907), and warns of a unit that it uses.
    """
    lent = not hasattr(np, "row_stack")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if lent:
            np.row_stack = np.vstack
        try:
            yield
        finally:
            if lent:
                del np.row_stack


with _importable_with_numpy_2_5():
    from numba import cuda

    SIMULATED = "simulator" in cuda.jit.__module__
    if getattr(cuda, "implementation", "") == "NVIDIA" and not SIMULATED:
        import numba.cuda.np.arrayobj  # noqa: F401, where ``row_stack`` is looked up
        from numba.cuda.core import config

        # it would warn of every launch of less than 128 blocks: small networks have no others
        config.CUDA_LOW_OCCUPANCY_WARNINGS = 0

if SIMULATED:
    int32 = uint32 = int  # truncating to 32 bits changes none of our indices, and takes its time

# where a thread reads four values at once, they must start at a multiple of 16 bytes
ALIGNMENT = None if SIMULATED else 16


def jit(function):
    """A kernel. The compiled code is cached beside the source, so only the first run compiles."""
    if SIMULATED:
        return cuda.jit(function)
    try:
        return cuda.jit(function, cache=True)
    except RuntimeError:  # there is no source beside which to keep it: typed at a prompt, say
        return cuda.jit(function)


def device(function):
    """A function that kernels call."""
    return cuda.jit(function, device=True)


__all__ = ["ALIGNMENT", "SIMULATED", "cuda", "device", "float32", "int32", "jit", "uint32"]
