"""What we ask the GPU's driver for directly: copies, and launches written down as a *CUDA graph*.

numba has no graphs, and takes the CPU a tenth of a millisecond for a copy of a few numbers. In the
simulator there is no driver: arrays copy themselves, and a graph is the list of its calls.
"""

from functools import cache
from threading import Lock, local

import numpy as np

from .compiler import SIMULATED, cuda

DEFAULT_STREAM = 0  # the one that launches go to by themselves
LARGEST_STAGED = 2**22  # bytes
_one_stages = Lock()  # one thread at a time: what it has staged is not to be another's
_thread = local()


def copy_to_gpu(values, memory):
    """Copy a whole NumPy array to ``memory``, an array of numba's of its type and size.

    The CPU goes on at once; the values may be changed then. They wait in *pinned memory*, which
    stays at its place so that the GPU can fetch from it, until all launches before are done.
    """
    if SIMULATED:
        memory.copy_to_device(values)
        return
    _attach()
    size = values.nbytes
    if size > LARGEST_STAGED:
        _ask("cuMemcpyHtoD", _address(memory), values.ctypes.data, size)
    elif size:
        with _one_stages:
            room, fetched = _staging(size.bit_length())
            _ask("cuEventSynchronize", fetched)
            room[:size] = values.view(np.uint8)
            _ask("cuMemcpyHtoDAsync", _address(memory), room.ctypes.data, size, DEFAULT_STREAM)
            _ask("cuEventRecord", fetched, DEFAULT_STREAM)


def copy_to_host(memory):
    """A NumPy array with the numbers of ``memory``; waits for all launches before."""
    if SIMULATED:
        return memory.copy_to_host()
    _attach()
    values = np.empty(memory.size, memory.dtype)
    if values.size:
        _ask("cuMemcpyDtoH", values.ctypes.data, _address(memory), values.nbytes)
    return values


@cache
def _staging(bits):
    """Pinned memory for as many bytes as can be written in ``bits``, and an event of the driver's.

    The event is when the GPU has fetched what was there last.
    """
    return cuda.pinned_array(2**bits, np.uint8), _ask("cuEventCreate", 0)


def _address(memory):
    address, _ = memory.__cuda_array_interface__["data"]
    return address


def captured(calls):
    """The graph of calls (kernel, grid, threads, arguments), to be launched.

    They go to a *stream*, a queue of the driver's, that is being captured: they are written down
    and not done. It waits for no other stream, so that others may go on meanwhile.
    """
    if SIMULATED:
        return calls
    _attach()
    handle = _ask("cuStreamCreate", _driver().CUstream_flags.CU_STREAM_NON_BLOCKING.value)
    stream = cuda.external_stream(int(handle))
    # relaxed: numba may free memory meanwhile
    mode = _driver().CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED
    try:
        _ask("cuStreamBeginCapture", handle, mode)
        try:
            for kernel, grid, threads, arguments in calls:
                kernel[grid, threads, stream](*arguments)
        finally:
            graph = _ask("cuStreamEndCapture", handle)
        executable = _ask("cuGraphInstantiate", graph, 0)
        _ask("cuGraphDestroy", graph)
        return executable
    finally:
        _ask("cuStreamDestroy", handle)


def launch_graph(graph):
    """Launch all that was captured."""
    if SIMULATED:
        for kernel, grid, threads, arguments in graph:
            kernel[grid, threads](*arguments)
    else:
        _attach()
        _ask("cuGraphLaunch", graph, DEFAULT_STREAM)


def give_back_graph(graph):
    """Let the driver forget a graph that nobody will launch again, as soon as it is done."""
    if not SIMULATED:
        _attach()
        _ask("cuStreamSynchronize", DEFAULT_STREAM)
        _ask("cuGraphExecDestroy", graph)


def _attach():
    """See to it that this thread uses the GPU as numba does."""
    if not hasattr(_thread, "attached"):
        cuda.current_context()
        _thread.attached = True


@cache
def _driver():
    from cuda.bindings import driver  # it comes with numba-cuda

    return driver


def _ask(function, *arguments):
    """What a function of the driver gives behind its error code; ``RuntimeError`` for an error."""
    error, *values = getattr(_driver(), function)(*arguments)
    if error:
        raise RuntimeError(f"the GPU's driver says {error.name} to {function}")
    return values[0] if values else None
