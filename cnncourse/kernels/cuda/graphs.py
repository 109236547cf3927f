"""A *CUDA graph*: launches that the GPU was told once, and then does at a single call.

To make one, the launches go to a *stream*, a queue of the driver's, that is being captured: they
are written down and not done. In the simulator, a graph is the list of its launches.
"""

import weakref

import numpy as np

from .compiler import SIMULATED, cuda

if not SIMULATED:
    from cuda.bindings import driver


def is_changing(argument):
    """Whether an argument of a launch is numbers that may change, a NumPy array."""
    return type(argument) is np.ndarray


class Graph:
    """Launches, a list of ``launch_queue.Launch``, to be made again with other changing numbers."""

    def __init__(self, launches):
        # where the changing numbers are: in which launch, which argument
        self._places = [
            (number, place)
            for number, launch in enumerate(launches)
            for place, argument in enumerate(launch.arguments)
            if is_changing(argument)
        ]
        self._numbers = _Numbers(self._changing(launches))
        rooms = iter(self._numbers.rooms)
        self._calls = calls = []  # what the graph works on stays in memory
        for launch in launches:
            arguments = [next(rooms) if is_changing(a) else a for a in launch.arguments]
            calls.append((launch.kernel, launch.grid, launch.threads, arguments))
        if not SIMULATED:
            self._executable = _captured(calls)
            weakref.finalize(self, driver.cuGraphExecDestroy, self._executable).atexit = False

    def launch(self, launches):
        """Make the launches, with the numbers that these ones have."""
        self._numbers.put(self._changing(launches))
        if SIMULATED:
            for kernel, grid, threads, arguments in self._calls:
                kernel[grid, threads](*arguments)
        else:
            _checked(driver.cuGraphLaunch(self._executable, driver.CUstream(0)))

    def _changing(self, launches):
        return [launches[number].arguments[place] for number, place in self._places]


class _Numbers:
    """A graph's changing numbers, a list of NumPy arrays, on the GPU.

    Those of a type lie side by side, so that one copy brings all of them. ``rooms``: where each
    array lies.
    """

    def __init__(self, arrays):
        self._there = {dtype: _joined(arrays, dtype) for dtype in {a.dtype for a in arrays}}
        self._on_gpu = {dtype: cuda.to_device(values) for dtype, values in self._there.items()}
        ends = dict.fromkeys(self._there, 0)
        self.rooms = []
        for array in arrays:
            start, dtype = ends[array.dtype], array.dtype
            ends[dtype] = start + array.size
            self.rooms.append(self._on_gpu[dtype][start : ends[dtype]])

    def put(self, arrays):
        """Overwrite them, if they are others now."""
        for dtype, there in self._there.items():
            values = _joined(arrays, dtype)
            if values.tobytes() != there.tobytes():
                self._on_gpu[dtype].copy_to_device(values)
                self._there[dtype] = values


def _joined(arrays, dtype):
    return np.concatenate([array for array in arrays if array.dtype == dtype])


def _captured(calls):
    """The driver's graph of the calls, ready to be launched."""
    stream = cuda.stream()
    handle = driver.CUstream(int(stream.handle))
    mode = driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED  # numba may free memory
    _checked(driver.cuStreamBeginCapture(handle, mode))
    try:
        for kernel, grid, threads, arguments in calls:
            kernel[grid, threads, stream](*arguments)
    finally:
        graph = _checked(driver.cuStreamEndCapture(handle))
    executable = _checked(driver.cuGraphInstantiate(graph, 0))
    _checked(driver.cuGraphDestroy(graph))
    return executable


def _checked(results):
    """What a function of the driver gives behind its error code; ``RuntimeError`` for an error."""
    error, *values = results
    if error != driver.CUresult.CUDA_SUCCESS:
        raise RuntimeError(f"the GPU's driver: {error.name}")
    return values[0] if values else None
