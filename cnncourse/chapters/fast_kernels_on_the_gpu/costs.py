"""What it costs to hand work to a GPU: a simple model, and the same figures measured.

The model: a launch takes a fixed time, a copy takes a fixed time and then a time for each byte, and
a simple kernel, like ReLU, takes as long as the memory takes for what it reads and writes.
"""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

from ...kernels import cuda as gpu
from ...kernels.cuda.compiler import SIMULATED
from ...support.text import duration, three_digits
from ...timing import machine
from .counting import nothing

FLOAT = 4  # bytes of a float32


@dataclass(frozen=True)
class Costs:
    """Seconds, and bytes a second. The default is a round example, no particular machine.

    >>> Costs().on_gpu(0) == Costs().launch
    True
    """

    launch: float = 5e-6  # seconds of a launch
    copy: float = 10e-6  # seconds of a copy, however small
    bus: float = 12e9  # bytes a second between the two memories
    gpu: float = 500e9  # bytes a second that the GPU reads and writes in its own memory
    cpu: float = 25e9  # bytes a second that the CPU reads and writes in its own

    def __str__(self):
        """The five figures, as people write them.

        >>> print(Costs())
        launch 5.00 µs, copy 10.0 µs + 12.0 GB/s, GPU's memory 500 GB/s, CPU's 25.0 GB/s
        """
        bus, gpu, cpu = (three_digits(speed / 1e9) for speed in (self.bus, self.gpu, self.cpu))
        return (
            f"launch {duration(self.launch)}, copy {duration(self.copy)} + {bus} GB/s, "
            f"GPU's memory {gpu} GB/s, CPU's {cpu} GB/s"
        )

    def on_cpu(self, numbers, layers=1):
        """Seconds of ``layers`` simple functions, one after the other, of that many float32."""
        return layers * 2 * FLOAT * numbers / self.cpu

    def on_gpu(self, numbers, layers=1):
        """The same on the GPU, for values that are there and stay there."""
        return layers * (self.launch + 2 * FLOAT * numbers / self.gpu)

    def there_and_back(self, numbers):
        """Seconds to copy that many float32 to the GPU, and as many back."""
        return 2 * (self.copy + FLOAT * numbers / self.bus)

    def worth_it(self, numbers):
        """How many layers it takes until copying there and back is worth it; inf: never.

        >>> Costs().worth_it(10_000_000)
        3
        """
        saved = self.on_cpu(numbers) - self.on_gpu(numbers)
        if saved <= 0:
            return np.inf
        return int(np.floor(self.there_and_back(numbers) / saved)) + 1


def measured(numbers=2**24, budget=0.3):
    """The `Costs` of this machine; ``None`` where the GPU is simulated.

    ``numbers``: the size of the arrays that are copied; ``budget``: seconds for each figure.
    """
    if SIMULATED:
        return None
    large, one = np.ones(numbers, np.float32), np.ones(1, np.float32)
    array, single = gpu.asarray(large), gpu.asarray(one)
    size = FLOAT * numbers
    copy = _seconds(lambda: gpu.to_numpy(single), budget)
    return Costs(
        launch=_seconds(lambda: nothing[1, 32](), budget),
        copy=copy,
        bus=size / (_seconds(lambda: gpu.asarray(large), budget) - copy),
        gpu=2 * size / _seconds(lambda: gpu.relu(array, array), budget),
        cpu=1e9 * machine.bandwidth(budget=budget),
    )


def synchronized(function, *arguments):
    """Call a function that launches kernels, and wait until the GPU has done them."""
    function(*arguments)
    gpu.synchronize()


def _seconds(work, budget, turns=10):
    """The seconds of ``work()``, from ``turns`` of them at a time: the median."""
    synchronized(work)  # the first one compiles
    found, end = [], perf_counter() + budget
    while len(found) < 3 or perf_counter() < end:
        start = perf_counter()
        for _ in range(turns):
            work()
        gpu.synchronize()
        found.append((perf_counter() - start) / turns)
    return median(found)
