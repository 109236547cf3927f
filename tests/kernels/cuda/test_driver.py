"""What the driver is asked for, by a driver in Python that does everything as late as it may."""

import ctypes
import time
from threading import Thread
from types import SimpleNamespace

import numpy as np
import pytest

from cnncourse.kernels.cuda import driver

OK = (0,)
BAD = SimpleNamespace(name="CUDA_ERROR_ILLEGAL_ADDRESS")


class Driver:
    """Its GPU fetches what waits in pinned memory when somebody waits for that, and no sooner."""

    CUstream_flags = SimpleNamespace(CU_STREAM_NON_BLOCKING=SimpleNamespace(value=1))
    CUstreamCaptureMode = SimpleNamespace(CU_STREAM_CAPTURE_MODE_RELAXED=2)

    def __init__(self):
        self.asked = []
        self.waiting = []
        self.fails = None

    def __getattr__(self, name):
        def function(*arguments):
            self.asked.append(name)
            if name == self.fails:
                return (BAD,)
            value = {"cuStreamCreate": 7, "cuStreamEndCapture": "graph"}.get(name)
            value = "ready" if name == "cuGraphInstantiate" else value
            return OK if value is None else (0, value)

        return function

    def cuEventCreate(self, flags):
        return 0, "fetched"

    def cuEventSynchronize(self, event):
        waiting, self.waiting = self.waiting, []
        for copy in waiting:
            ctypes.memmove(*copy)
        return OK

    def cuMemcpyHtoDAsync(self, to, source, size, stream):
        if self.fails == "cuMemcpyHtoDAsync":
            return (BAD,)
        time.sleep(1e-4)  # another thread may come here
        self.waiting.append((to, source, size))
        return OK

    def cuMemcpyHtoD(self, to, source, size):
        self.asked.append("cuMemcpyHtoD")
        ctypes.memmove(to, source, size)
        return OK

    def cuMemcpyDtoH(self, to, source, size):
        self.cuEventSynchronize(None)
        ctypes.memmove(to, source, size)
        return OK


class Memory:
    """An array on that GPU."""

    def __init__(self, size):
        self.array = np.full(size, np.nan, np.float32)
        self.size, self.dtype = size, self.array.dtype
        self.__cuda_array_interface__ = {"data": (self.array.ctypes.data, False)}


@pytest.fixture
def gpu(monkeypatch):
    fake = Driver()
    monkeypatch.setattr(driver, "SIMULATED", False)
    monkeypatch.setattr(driver, "_driver", lambda: fake)
    monkeypatch.setattr(driver, "_attach", lambda: None)
    monkeypatch.setattr(driver.cuda, "pinned_array", np.zeros, raising=False)
    monkeypatch.setattr(driver.cuda, "external_stream", str, raising=False)
    driver._staging.cache_clear()
    yield fake
    driver._staging.cache_clear()


@pytest.mark.parametrize("sizes", [(5, 5, 6, 1), (0, 3), (300, 300)])
def test_what_was_copied_may_be_changed_at_once(gpu, sizes):
    rng = np.random.default_rng(0)
    expected = [rng.random(size, dtype=np.float32) for size in sizes]
    memories = [Memory(size) for size in sizes]
    for values, memory in zip(expected, memories, strict=True):
        given = values.copy()
        driver.copy_to_gpu(given, memory)
        given[:] = -1
    for values, memory in zip(expected, memories, strict=True):
        assert np.array_equal(driver.copy_to_host(memory), values)


def test_large_arrays_need_no_pinned_memory(gpu, monkeypatch):
    monkeypatch.setattr(driver, "LARGEST_STAGED", 16)
    memory = Memory(5)
    driver.copy_to_gpu(np.arange(5, dtype=np.float32), memory)
    assert gpu.asked == ["cuMemcpyHtoD"]
    assert driver.copy_to_host(memory).tolist() == [0, 1, 2, 3, 4]


def test_two_threads_copy_each_its_own(gpu):
    memories = {number: [Memory(4) for _ in range(30)] for number in (1, 2)}

    def copy(number):
        for memory in memories[number]:
            driver.copy_to_gpu(np.full(4, number, np.float32), memory)

    threads = [Thread(target=copy, args=(number,)) for number in memories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, written in memories.items():
        assert all((driver.copy_to_host(memory) == number).all() for memory in written)


def test_an_error_names_what_was_asked(gpu):
    gpu.fails = "cuMemcpyHtoDAsync"
    with pytest.raises(RuntimeError, match="says CUDA_ERROR_ILLEGAL_ADDRESS to cuMemcpyHtoDAsync"):
        driver.copy_to_gpu(np.zeros(2, np.float32), Memory(2))


class Kernel:
    """Notes how it is launched; with ``fails``, it cannot be."""

    def __init__(self, fails=False):
        self.fails = fails
        self.launched = []

    def __getitem__(self, configuration):
        def launch(*arguments):
            if self.fails:
                raise ValueError("no such kernel")
            self.launched.append((configuration, arguments))

        return launch


MAKING = ["cuStreamCreate", "cuStreamBeginCapture", "cuStreamEndCapture"]


def test_a_graph_is_captured_launched_and_given_back(gpu):
    kernel = Kernel()
    graph = driver.captured([(kernel, 3, 32, ("x", 1)), (kernel, (2, 2), 64, ("y",))])
    assert graph == "ready"
    assert kernel.launched == [((3, 32, "7"), ("x", 1)), (((2, 2), 64, "7"), ("y",))]
    driver.launch_graph(graph)
    driver.give_back_graph(graph)
    made = [*MAKING, "cuGraphInstantiate", "cuGraphDestroy", "cuStreamDestroy"]
    # a graph that is still running is not taken away
    assert gpu.asked == [*made, "cuGraphLaunch", "cuStreamSynchronize", "cuGraphExecDestroy"]


def test_a_kernel_that_cannot_be_captured_leaves_nothing_behind(gpu):
    with pytest.raises(ValueError, match="no such kernel"):
        driver.captured([(Kernel(fails=True), 1, 32, ())])
    assert gpu.asked == [*MAKING, "cuStreamDestroy"]
