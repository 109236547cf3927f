"""What is launched, in order; and what was launched before, all at once: *CUDA graphs*.

A launch takes the CPU up to 50 µs, several times as long as a small kernel runs, so that a training
step of 40 launches would leave the GPU idle most of the time. But a step launches what the last one
launched, on the same memory. So the queue learns: launches that were made twice in the same order
become a `Graph`, and from then on are held back while they are those of a graph, and launched by a
single call when they are complete. What turns out to be something else is launched one by one.

Nobody need know of this but those who read or write an array's numbers from outside: they call
`LaunchQueue.before_reading` or `before_writing` first.

A kernel's arguments are arrays on the GPU, ``int`` and ``np.float32``, by which a launch is known
again; and NumPy arrays of numbers that may change from step to step, such as a learning rate. The
kernel gets these as arrays on the GPU.
"""

from itertools import chain
from threading import RLock

import numpy as np

from .compiler import cuda
from .driver import copy_to_gpu
from .graphs import Graph, is_changing

MOST_GRAPHS = 128  # that are kept
MOST_SEEN = 512  # orders of launches that are remembered, to be known the second time
MOST_LAUNCHES = 2048  # of a graph
SAME = int, np.float32  # types of arguments that are the same in each step


class Launch:
    """A kernel, its grid of blocks, the threads of a block, and its arguments, a tuple."""

    __slots__ = ("arguments", "grid", "kernel", "key", "threads")

    def __init__(self, kernel, grid, threads, arguments):
        self.kernel, self.grid, self.threads, self.arguments = kernel, grid, threads, arguments
        # the same for launches that differ in changing numbers only; graphs keep the arrays alive
        known_by = [a if type(a) in SAME else id(a) for a in arguments if not is_changing(a)]
        self.key = id(kernel), grid, threads, *known_by


class _Known:
    """A point that some order of launches leads to: the ways on from there, and the graph so far.

    ``ways``: a launch's key → the next point; ``graph``: of all launches up to here, or ``None``.
    """

    __slots__ = ("graph", "ways")

    def __init__(self):
        self.ways = {}
        self.graph = None


class LaunchQueue:
    """All launches go through here, whichever thread makes them."""

    def __init__(self):
        self._lock = RLock()
        self._rooms = {}  # (size, dtype) → changing numbers on the GPU, and their bytes
        self._know_nothing()

    def forget(self):
        """Give up all graphs, and the memory that they hold."""
        with self._lock:
            self._release()
            self._know_nothing()

    def _know_nothing(self):
        self._start = _Known()
        self._graphs = 0
        self._seen = set()  # the keys of orders of launches that were made once
        self._begin()

    def _begin(self):
        """Begin a new order of launches."""
        self._point = self._start  # how far it is known, or ``None`` if it is not
        self._held = []  # launches that wait
        self._complete = None, 0  # the longest graph that they begin with, and of how many
        self._launched = []  # those before them, launched one by one

    def launch(self, kernel, grid, threads, arguments):
        """Launch a kernel, now or as soon as it is clear with which others."""
        launch = Launch(kernel, grid, threads, arguments)
        with self._lock:
            point = self._point and self._point.ways.get(launch.key)
            self._point = point
            if point is None:
                self._release()
                self._launch_alone(launch)
                self._launched.append(launch)
                if len(self._launched) > MOST_LAUNCHES:
                    self._begin()
                return
            self._held.append(launch)
            if point.graph is not None:
                self._complete = point.graph, len(self._held)
                if not point.ways:  # nothing longer is known
                    self._release()
                    self._begin()

    def before_reading(self):
        """To be called before the CPU reads an array: launches all that waits."""
        with self._lock:
            self._end()

    def before_writing(self, memory):
        """The same before the CPU writes to ``memory``, unless nothing since the last end uses it.

        The writing then comes before the launches that wait, now and whenever they are made again.
        """
        with self._lock:
            known_by = id(memory)
            if any(known_by in launch.key for launch in chain(self._launched, self._held)):
                self._end()

    def _end(self):
        """Launch what waits; what was launched one by one, and was so before, is a graph now."""
        _, count = self._complete
        known = count == len(self._held) and not self._launched
        self._release()
        launches = self._launched
        if not known and len(launches) > 1:
            keys = tuple(launch.key for launch in launches)
            if keys in self._seen:
                self._seen.discard(keys)
                self._learn(launches)
            else:
                if len(self._seen) == MOST_SEEN:
                    self._seen.clear()
                self._seen.add(keys)
        self._begin()

    def _release(self):
        """Launch all that is held back: as a graph as far as there is one, the rest one by one."""
        graph, count = self._complete
        held, self._held, self._complete = self._held, [], (None, 0)
        if graph is not None:
            graph.launch(held[:count])
        for launch in held[count:]:
            self._launch_alone(launch)
        self._launched += held

    def _launch_alone(self, launch):
        arguments = [self._on_gpu(a) if is_changing(a) else a for a in launch.arguments]
        launch.kernel[launch.grid, launch.threads](*arguments)

    def _on_gpu(self, numbers):
        """Changing numbers as an array on the GPU, which the next of their size overwrite."""
        key = numbers.size, numbers.dtype
        room, there = self._rooms.get(key, (None, None))
        if room is None:
            room = cuda.to_device(numbers)
        elif there != numbers.tobytes():
            copy_to_gpu(numbers, room)
        self._rooms[key] = room, numbers.tobytes()
        return room

    def _learn(self, launches):
        """Make a graph of the launches, for the next time."""
        if self._graphs == MOST_GRAPHS:
            self._start, self._graphs = _Known(), 0
        point = self._start
        for launch in launches:
            point = point.ways.setdefault(launch.key, _Known())
        point.graph = Graph(launches)
        self._graphs += 1


queue = LaunchQueue()
