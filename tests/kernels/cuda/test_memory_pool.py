"""Where arrays on the GPU get their memory, and when it is given to another one."""

import gc
import weakref

import numpy as np
import pytest

from cnncourse import Sequential, kernels, layers
from cnncourse.kernels.cuda import memory_pool
from cnncourse.kernels.cuda.launch_queue import queue

CUDA = kernels.get("cuda")
BATCH = np.ones((2, 6, 6, 1)), [0, 1]


@pytest.fixture(autouse=True)
def no_garbage():
    """Of other tests: where it is collected meanwhile, more memory is unused."""
    gc.collect()


def trained(steps):
    chain = [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)]
    model = Sequential(chain, (6, 6, 1), seed=0, device="cuda")
    model.compile("adam")
    for _ in range(steps):
        model.train_on_batch(*BATCH)
    return model


def test_memory_goes_round():
    """An array that nobody holds any more makes room for the next one of its size."""
    first = CUDA.empty((3, 1009))
    memory = first.flat
    view = first.reshape(-1)
    del first
    other = CUDA.empty((3, 1009))
    assert other.flat is not memory  # the view still holds it
    del view
    assert CUDA.empty((1009, 3)).flat is memory


def test_the_oldest_comes_first():
    arrays = [CUDA.empty((1013,)) for _ in range(4)]
    memories = [id(array.flat) for array in arrays]
    for number in 2, 0, 1:
        arrays[number] = None
    again = [CUDA.empty((1013,)) for _ in range(3)]
    assert [id(array.flat) for array in again] == memories[:3]


def test_memory_outlives_a_circle_of_references(monkeypatch):
    """numba gives memory back as soon as nothing refers to it; in a circle, that is before us."""

    class Memory:
        pass

    given_back = []

    def device_array(size, dtype):
        memory = Memory()
        weakref.finalize(memory, given_back.append, size)
        return memory

    monkeypatch.setattr(memory_pool.cuda, "device_array", device_array)
    array = CUDA.empty((1019,))
    memory = id(array.flat)
    circle = [array]
    circle.append(circle)
    del array, circle
    gc.collect()
    assert given_back == []
    again = CUDA.empty((1019,))
    assert id(again.flat) == memory
    del memory_pool._pieces[again._allocation.number]  # it is none, for the tests after this one
    del again._allocation.memory


def test_batch_after_batch_takes_no_more_memory():
    model = trained(3)
    pieces = memory_pool.unused()
    for _ in range(3):
        model.train_on_batch(*BATCH)
    assert memory_pool.unused() == pieces


@pytest.fixture
def full(monkeypatch):
    """A GPU without memory: from then on, only what was given back before can be had."""
    real, asked = memory_pool.cuda.device_array, []

    def device_array(size, dtype):
        asked.append(size)
        if len(asked) == 1:
            raise MemoryError("none left")
        return real(size, dtype)

    monkeypatch.setattr(memory_pool.cuda, "device_array", device_array)
    return asked


def test_where_none_is_left_the_unused_is_given_back_and_graphs_are(full):
    model = trained(6)
    full.clear()
    assert queue._graphs > 0 and memory_pool.unused() > 0
    array = CUDA.empty((12345,))
    assert array.size == 12345 and len(full) == 2
    assert queue._graphs == 0 and memory_pool.unused() == 0
    assert np.isfinite(model.train_on_batch(*BATCH))


def test_where_nothing_can_be_given_back_the_error_comes_through(full, monkeypatch):
    monkeypatch.setattr(memory_pool, "_free", {})
    with pytest.raises(MemoryError, match="none left"):
        memory_pool._new(np.dtype(np.float32), 1)
