"""A graph: launches that the GPU is told once, and then makes at a single call: ``driver.py``."""

from weakref import finalize

import numpy as np

from .compiler import cuda
from .driver import captured, copy_to_gpu, give_back_graph, launch_graph


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
        self._calls = []  # what the graph works on stays in memory
        for launch in launches:
            arguments = [next(rooms) if is_changing(a) else a for a in launch.arguments]
            self._calls.append((launch.kernel, launch.grid, launch.threads, arguments))
        self._graph = captured(self._calls)
        finalize(self, give_back_graph, self._graph).atexit = False

    def launch(self, launches):
        """Make the launches, with the numbers that these ones have."""
        self._numbers.put(self._changing(launches))
        launch_graph(self._graph)

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
                copy_to_gpu(values, self._on_gpu[dtype])
                self._there[dtype] = values


def _joined(arrays, dtype):
    return np.concatenate([array for array in arrays if array.dtype == dtype])
