"""Is there a GPU that the kernels can run on? Asked once, answered with a reason."""

import ctypes
import importlib.util
import sys
import warnings
from dataclasses import dataclass
from functools import cache

INSTALL = (
    "with a driver of version 580 or newer: pip install 'cnncourse[cuda13]' (in a clone of the "
    "course: pip install -e '.[cuda13]'); with an older one: cuda12 in place of cuda13"
)


@dataclass(frozen=True)
class Finding:
    """What there is: a GPU that can be used, or why there is none."""

    usable: bool
    description: str  # the GPU's name, or why there is none to use
    advice: str = ""  # what a person can do about it
    simulated: bool = False


@cache
def detect():
    """Look for a GPU: cheap questions first. Never raises, never warns; gives a `Finding`."""
    if _is_simulated():
        return Finding(True, "simulated on the CPU, as NUMBA_ENABLE_CUDASIM says", simulated=True)
    return missing() or _try_first_kernel()


def missing():
    """What a GPU would take that is not here, as a `Finding`, or ``None``.

    Asked without numba: who wants numba's simulator must say so before numba is imported.
    """
    count = driver_count()
    if count is None:
        return Finding(
            False,
            "there is no NVIDIA driver on this machine",
            "it takes an NVIDIA graphics card and its driver (nvidia-smi shows both)",
        )
    if count == 0:
        return Finding(
            False,
            "the NVIDIA driver finds no graphics card that it can use",
            "see what nvidia-smi says, and whether CUDA_VISIBLE_DEVICES hides the card",
        )
    if importlib.util.find_spec("numba_cuda") is None:
        return Finding(
            False, "the package numba-cuda, the compiler for GPUs, is not installed", INSTALL
        )
    return None


def _is_simulated():
    """Whether numba.cuda is its simulator, or will be: that is settled by its first import."""
    if "numba.cuda" in sys.modules:
        return "simulator" in sys.modules["numba.cuda"].jit.__module__
    from numba import config

    return bool(config.ENABLE_CUDASIM)


def driver_count():
    """How many GPUs the driver can use; ``None`` without a driver. Takes some milliseconds."""
    for library in ("libcuda.so.1", "nvcuda.dll"):
        try:
            driver = ctypes.CDLL(library)
        except OSError:
            continue
        count = ctypes.c_int(0)
        if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
            return 0
        return count.value
    return None


def _try_first_kernel():
    """Compile and run a kernel: only so does a toolkit that is half installed show."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            name = _first_kernel()
    except Exception as error:  # drivers, compilers and linkers all have their own
        reason = (str(error).strip() or "no reason given").splitlines()[0]
        return Finding(
            False, f"a first kernel failed with {type(error).__name__}: {reason}", INSTALL
        )
    return Finding(True, name)


def _first_kernel():
    """Run a kernel, and give the GPU's name."""
    from . import cuda

    array = cuda.asarray([-1.0, 2.0])
    cuda.relu(array, array)
    if cuda.to_numpy(array).tolist() != [0.0, 2.0]:
        raise RuntimeError("it gave wrong values")
    return cuda.device_name()
