"""A scheduler for numba's CUDA simulator: fast, deterministic, and strict.

numba simulates a block with a thread of the operating system for each CUDA thread. With barriers
that is slow, and it forgives what a GPU does not. After `install`, a block's threads are greenlets,
which run one after the other, each until its next barrier. That is a hundred times as fast, and as
nothing runs at the same time, each access can be checked. So the simulator finds, every time:

`Race`
    Two threads touch one number, and nothing says in which order, though one of them writes: in
    shared memory between two barriers, in global memory in one launch (blocks run in any order, so
    no barrier orders those).
`Divergence`
    Some threads of a block wait at a barrier that the others never come to, or at another one.
`Uninitialised`
    A number is read from shared memory that nobody wrote.
``IndexError``
    An index is outside its array, or negative: on a GPU that reads and writes somewhere else.

It also keeps the limits of a GPU: 1024 threads and 48 KiB of shared memory a block.

It reaches into numba's simulator, in numba itself and in numba-cuda; both are no longer developed,
and `install` fails where a name that it replaces is not there.
"""

import sys
from math import prod

import greenlet
import numpy as np
from numba.cuda.simulator import kernel as simulated_kernel
from numba.cuda.simulator import kernelapi

MOST_THREADS = 1024  # of a block
MOST_BYTES = 48 * 1024  # of a block's shared memory
SEVERAL, ATOMIC = -2, -3  # in place of a thread


class Race(RuntimeError):
    """Two threads touched one number in an order that nothing settles."""


class Divergence(RuntimeError):
    """Not all threads of a block came to the same barrier."""


class Uninitialised(RuntimeError):
    """A number was read that nobody had written."""


FAULTS = (Race, Divergence, Uninitialised, IndexError)


class Thread(greenlet.greenlet):
    """A CUDA thread: where it is in its block and grid, and the barrier it waits at."""

    def __init__(self, function, place, block, number):
        super().__init__(function)
        self.threadIdx, self.blockIdx = kernelapi.Dim3(*place), kernelapi.Dim3(*block)
        self.place, self.block, self.number = place, block, number
        self.barrier = None


class Launch:
    """What must be remembered while a kernel runs."""

    blocks = 0  # that have begun
    stretch = 0  # the stretches between barriers, counted
    atomic = False  # whether the access comes from an atomic operation
    accesses = {}  # of global memory: address → (index → writer, index → reader)
    shared = {}  # the running block's shared arrays, by the line that asked for them


def run_block(manager, block, *arguments):
    """Run a block's threads in turn, from barrier to barrier. In place of ``BlockManager.run``."""
    Launch.blocks += 1
    Launch.stretch += 1
    Launch.shared = {}
    width, height, _ = manager._block_dim
    # thread (x, y, z) is number x + width · (y + height · z), as on a GPU
    threads = [
        Thread(manager._f, (x, y, z), tuple(block), (Launch.blocks, x + width * (y + height * z)))
        for z, y, x in np.ndindex(*reversed(manager._block_dim))
    ]
    waiting = threads
    try:
        for thread in waiting:
            resume(thread, *arguments)
        while waiting := [thread for thread in waiting if not thread.dead]:
            check_barrier(waiting, len(threads))
            Launch.stretch += 1
            for thread in waiting:
                resume(thread)
    finally:
        for thread in threads:
            if thread and not thread.dead:
                thread.throw(greenlet.GreenletExit)


def resume(thread, *arguments):
    """Let a thread go on to its next barrier, or to its end."""
    try:
        thread.switch(*arguments)
    except Exception as error:
        error.add_note(f"in thread {thread.place} of block {thread.block}")
        raise


def check_barrier(waiting, count):
    """All of the block's ``count`` threads wait, and at the same barrier."""
    barriers = {thread.barrier for thread in waiting}
    if len(waiting) < count:
        raise Divergence(
            f"{count - len(waiting)} of {count} threads of block {waiting[0].block} ended before "
            f"the barrier in line {waiting[0].barrier[1]} of {waiting[0].barrier[0]}"
        )
    if len(barriers) > 1:
        lines = " and ".join(f"line {line} of {name}" for name, line in sorted(barriers))
        raise Divergence(f"threads of block {waiting[0].block} wait at {lines}")


def barrier(_):
    """Wait for the block's other threads. In place of ``cuda.syncthreads``."""
    frame = sys._getframe(1)
    thread = greenlet.getcurrent()
    thread.barrier = frame.f_code.co_name, frame.f_lineno
    thread.parent.switch()


class Shared:
    """An array in shared memory that remembers who touched what since the last barrier."""

    def __init__(self, shape, dtype):
        self.shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.dtype, self.number = dtype, dtype.type
        self.size = prod(self.shape)
        self.values = [None] * self.size
        self.writes = [(0, None)] * self.size  # in which stretch, and by whom
        self.reads = [(0, None)] * self.size

    def __getitem__(self, index):
        place, me = flat_index(index, self.shape), greenlet.getcurrent().number
        value = self.values[place]
        if value is None:
            raise Uninitialised(f"shared memory at {index} was read before anybody wrote it")
        stretch, writer = self.writes[place]
        if stretch == Launch.stretch and writer not in (me, ATOMIC):
            raise Race(f"shared memory at {index} was read with no barrier after it was written")
        stretch, reader = self.reads[place]
        if stretch != Launch.stretch:
            self.reads[place] = Launch.stretch, me
        elif reader != me:
            self.reads[place] = Launch.stretch, SEVERAL
        return value

    def __setitem__(self, index, value):
        place, me = flat_index(index, self.shape), greenlet.getcurrent().number
        stretch, writer = self.writes[place]
        if stretch == Launch.stretch and writer != me and not (Launch.atomic and writer == ATOMIC):
            raise Race(f"shared memory at {index} was written by two threads with no barrier")
        stretch, reader = self.reads[place]
        if stretch == Launch.stretch and reader != me and not Launch.atomic:
            raise Race(f"shared memory at {index} was written with no barrier after it was read")
        self.writes[place] = Launch.stretch, ATOMIC if Launch.atomic else me
        self.values[place] = self.number(value)


def flat_index(index, shape):
    """The place of a number in its array, laid out in one row; ``IndexError`` if it has none."""
    index = index if type(index) is tuple else (index,)
    if len(index) != len(shape):
        raise IndexError(f"an array of {len(shape)} axes was given the index {index}")
    place = 0
    for k, size in zip(index, shape, strict=True):
        if not 0 <= k < size:
            raise IndexError(f"the index {index} is outside an array of the shape {shape}")
        place = place * size + int(k)
    return place


def shared_array(_, shape, dtype, alignment=None):
    """The block's array for the line that asks. In place of ``cuda.shared.array``."""
    frame = sys._getframe(1)
    line = frame.f_code, frame.f_lasti
    if line not in Launch.shared:
        Launch.shared[line] = Shared(shape, numpy_type(dtype))
        used = sum(array.size * array.dtype.itemsize for array in Launch.shared.values())
        if used > MOST_BYTES:
            raise MemoryError(f"a block wants {used} bytes of shared memory, {MOST_BYTES} at most")
    return Launch.shared[line]


def local_array(_, shape, dtype, alignment=None):
    """A thread's own array, full of not-a-number. In place of ``cuda.local.array``."""
    return poisoned(shape, numpy_type(dtype))


def poisoned(shape, dtype):
    """A NumPy array of numbers that are wrong: not-a-number, or the largest of whole numbers."""
    dtype = np.dtype(dtype)
    return np.full(shape, np.nan if dtype.kind == "f" else np.iinfo(dtype).max, dtype)


def numpy_type(dtype):
    """A NumPy type for numba's, or for one that is NumPy's already."""
    return np.dtype(getattr(dtype, "name", dtype))


class Global:
    """An array in global memory, as a kernel sees it: it remembers who touched what."""

    def __init__(self, device_array):
        self.array = device_array._ary
        self.shape, self.dtype = self.array.shape, self.array.dtype
        self.size, self.ndim = self.array.size, self.array.ndim
        self.numbers = self.array.reshape(-1)  # a view: kernels are given contiguous arrays
        # arrays that share memory, as input and output of a step in place, share their books
        address = self.array.__array_interface__["data"][0]
        self.writers, self.readers = Launch.accesses.setdefault(address, ({}, {}))

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        place, me = flat_index(index, self.shape), greenlet.getcurrent().number
        writer = self.writers.get(place, me)
        if writer != me and not Launch.atomic:
            raise Race(f"global memory at {index} was read while another thread writes it")
        if self.readers.setdefault(place, me) != me:
            self.readers[place] = SEVERAL
        return self.numbers[place]

    def __setitem__(self, index, value):
        place, me = flat_index(index, self.shape), greenlet.getcurrent().number
        me = ATOMIC if Launch.atomic else me
        if self.writers.get(place, me) != me:
            raise Race(f"global memory at {index} was written by two threads")
        if not Launch.atomic and self.readers.get(place, me) != me:
            raise Race(f"global memory at {index} was written while another thread reads it")
        self.writers[place] = me
        self.numbers[place] = value


def as_one_operation(function):
    """An atomic operation, whose reading and writing cannot race with another one's."""

    def operation(*arguments):
        Launch.atomic = True
        try:
            return function(*arguments)
        finally:
            Launch.atomic = False

    return operation


def launching(call):
    """``FakeCUDAKernel.__call__`` that begins a launch with nothing touched yet."""

    def launch(kernel, *arguments):
        if not kernel._device:
            Launch.accesses = {}
        return call(kernel, *arguments)

    return launch


def configuring(configure):
    """``FakeCUDAKernel.__getitem__`` that keeps a GPU's limits."""

    def configured(kernel, configuration):
        _, threads = simulated_kernel.normalize_kernel_dimensions(*configuration[:2])
        if prod(threads) > MOST_THREADS:
            raise ValueError(f"a block of {prod(threads)} threads, {MOST_THREADS} at most")
        return configure(kernel, configuration)

    return configured


def install():
    """Put the scheduler in place of numba's, which must be the simulator."""
    module, kernel = kernelapi.FakeCUDAModule, simulated_kernel.FakeCUDAKernel
    current = greenlet.getcurrent
    atomic = kernelapi.FakeCUDAAtomic
    replace(simulated_kernel.BlockManager, "run", run_block)
    replace(simulated_kernel, "FakeWithinKernelCUDAArray", Global)
    replace(kernel, "__call__", launching(kernel.__call__))
    replace(kernel, "__getitem__", configuring(kernel.__getitem__))
    replace(module, "threadIdx", property(lambda _: current().threadIdx))
    replace(module, "blockIdx", property(lambda _: current().blockIdx))
    replace(module, "syncthreads", barrier)
    replace(kernelapi.FakeCUDAShared, "array", shared_array)
    replace(kernelapi.FakeCUDALocal, "array", local_array)
    for name in [name for name in vars(atomic) if not name.startswith("_")]:
        replace(atomic, name, as_one_operation(getattr(atomic, name)))


def replace(owner, name, new):
    """Set an attribute that is there already."""
    if not hasattr(owner, name):
        raise RuntimeError(
            f"numba's simulator has changed: {owner.__name__} has no {name} any more"
        )
    setattr(owner, name, new)
