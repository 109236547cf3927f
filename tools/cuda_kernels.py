"""Compile every CUDA kernel that the course's networks launch, without a GPU, and judge the result.

The simulator knows no types, so it cannot see what costs a GPU its speed: a float64 that has crept
in, an array of a thread's that did not fit into registers. The compiler says so, for any GPU:

    python tools/cuda_kernels.py            registers and faults of each kernel
    python tools/cuda_kernels.py sm_90      for one kind of GPU only

It ends with 1 if a kernel has a fault, and with 77 where the compiler is not installed; that takes
pip install -e ".[cuda13]".
"""

import re
import sys
import warnings
from types import SimpleNamespace

import numpy as np
from every_kernel import run_everything

ARCHITECTURES = ("sm_75", "sm_80", "sm_90")  # Turing, Ampere, Hopper
FAULTS = ("float64", "stack", "spilled")
SKIPPED = 77


class Memory:
    """In place of an array on the GPU: it has a type and a size, and holds nothing but zeros."""

    def __init__(self, size, dtype):
        self.size, self.dtype = size, np.dtype(dtype)

    def copy_to_host(self):
        return np.zeros(self.size, self.dtype)

    def copy_to_device(self, values):
        pass

    def __getitem__(self, part):
        return Memory(len(range(self.size)[part]), self.dtype)


def launches():
    """The kernels that the networks launch, each with the types of its arguments."""
    import numba
    from numba import cuda

    from cnncourse import kernels

    found = {}

    def configured(kernel, configuration):
        def launch(*arguments):
            types = tuple(
                numba.from_dtype(a.dtype)[::1] if isinstance(a, Memory) else numba.typeof(a)
                for a in arguments
            )
            found[kernel, types] = None

        return launch

    cuda.device_array = Memory
    cuda.to_device = lambda values: Memory(values.size, values.dtype)
    kernels._require_gpu = lambda: None
    from cnncourse.kernels.cuda import driver
    from cnncourse.kernels.cuda.relu import _relu

    driver.SIMULATED = True  # there may be none to ask

    type(_relu).__getitem__ = configured
    run_everything("cuda")
    return list(found)


def compile_kernel(kernel, types, architecture):
    """Registers, and the bytes or the instructions of each fault, of one kernel."""
    from numba import cuda
    from numba.cuda import dispatcher

    capability = divmod(int(architecture.removeprefix("sm_")), 10)
    # functions that kernels call are compiled for the GPU that is there
    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=capability)
    ptx, _ = cuda.compile_ptx(kernel.py_func, types, cc=capability)
    log = link(ptx, architecture)
    registers = re.search(r"[Uu]sed (\d+) registers", log)
    stack = re.search(r"(\d+) (?:bytes )?stack", log)
    spills = re.findall(r"(\d+) bytes (?:spill|lmem)", log)
    return {
        "registers": int(registers[1]),
        "float64": len(re.findall(r"\.f64", ptx)),
        "stack": int(stack[1]),
        "spilled": sum(map(int, spills)),
    }


def link(ptx, architecture):
    """From PTX, which is the same for many GPUs, to one GPU's own code; what the linker says."""
    from cuda.bindings import nvjitlink

    options = [f"-arch={architecture}", "-Xptxas=-v", "-verbose"]
    handle = nvjitlink.create(len(options), options)
    try:
        code = ptx.encode()
        nvjitlink.add_data(handle, nvjitlink.InputType.PTX, code, len(code), "kernel")
        nvjitlink.complete(handle)
        log = bytearray(nvjitlink.get_info_log_size(handle))
        nvjitlink.get_info_log(handle, log)
    finally:
        nvjitlink.destroy(handle)
    return log.decode(errors="replace")


def why_not():
    """Why nothing can be compiled here, or ``None``."""
    try:
        from numba import cuda

        if getattr(cuda, "implementation", None) != "NVIDIA":
            return "numba-cuda is not installed"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from cnncourse.kernels.cuda import compiler  # noqa: F401, it lends NumPy a name

            ptx, _ = cuda.compile_ptx(lambda: None, (), cc=(8, 0))
            link(ptx, "sm_80")
    except Exception as error:  # each library has its own way of not being there
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return None


def main(architectures):
    reason = why_not()
    if reason is not None:
        print(f"skipped: {reason}")
        return SKIPPED
    faults = 0
    print(f"{'kernel':<58} {'for':<6} registers  {'  '.join(FAULTS)}")
    for kernel, types in launches():
        name = kernel_name(kernel.py_func) + constants(kernel.py_func)
        for architecture in architectures:
            result = compile_kernel(kernel, types, architecture)
            columns = "  ".join(f"{result[fault]:>{len(fault)}}" for fault in FAULTS)
            print(f"{name:<58} {architecture:<6} {result['registers']:>9}  {columns}", flush=True)
            faults += any(result[fault] for fault in FAULTS)
    print(f"{faults} with a fault")
    return 1 if faults else 0


def kernel_name(function):
    """Module and function; only the module where that is also the function that made the kernel."""
    module = function.__module__.split(".")[-1]
    made_by, _, _ = function.__qualname__.partition(".<locals>")
    return made_by if made_by == module else f"{module}.{made_by}"


def constants(function):
    """The tile of a kernel that was made for one, for its name."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    shown = {name: cell.cell_contents for name, cell in cells.items()}
    if "BLOCK_M" in shown:
        sizes = "×".join(str(shown[name]) for name in ("BLOCK_M", "BLOCK_N", "BLOCK_K"))
        flags = [name for name in ("padded", "row_major") if shown.get(name)]
        return " " + " ".join([sizes, *flags])
    return f" {shown['term'].py_func.__name__}" if "term" in shown else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ARCHITECTURES))
