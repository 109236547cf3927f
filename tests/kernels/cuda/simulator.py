"""A scheduler for numba's CUDA simulator: fast, deterministic, and strict.

numba simulates a block with a thread of the operating system for each CUDA thread. With barriers
that is slow, and it forgives what a GPU does not. After `install`, a block's threads are greenlets,
which run one after the other, each until its next barrier. That is a hundred times as fast, and as
nothing runs at the same time, each access can be checked. So the simulator finds, every time:

`Race`
    Two threads touch one element, and nothing says in which order, though one of them writes: in
    shared memory between two barriers, in global memory in one launch (blocks run in any order, so
    no barrier orders those).
`Divergence`
    Some threads of a block wait at a barrier that the others never come to, or at another one.
`Uninitialised`
    An element of shared memory is read that nobody wrote.
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
    """Two threads touched one element in an order that nothing settles."""


class Divergence(RuntimeError):
    """Not all threads of a block came to the same barrier."""


class Uninitialised(RuntimeError):
    """An element was read that nobody had written."""


FAULTS = (Race, Divergence, Uninitialised, IndexError)


class Thread(greenlet.greenlet):
    """A CUDA thread: where it is in its block and grid, and the barrier it waits at."""

    def __init__(self, function, index, block, number):
        super().__init__(function)
        self.threadIdx, self.blockIdx = kernelapi.Dim3(*index), kernelapi.Dim3(*block)
        self.index = index  # in its block
        self.block = block
        self.number = number
        self.barrier = None


class Launch:
    """What must be remembered while a kernel runs."""

    blocks = 0  # that have begun
    stretch = 0  # the stretches between barriers, counted
    me = None  # the thread that runs: its block's number, and its own
    atomic = False  # whether the access comes from an atomic operation
    accesses = {}  # of global memory: address → (index → writer, index → reader)
    shared = {}  # the running block's shared arrays, by the line that asked for them
    local = []  # its threads' own arrays, with their shapes


def run_block(manager, block, *arguments):
    """Run a block's threads in turn, from barrier to barrier. In place of ``BlockManager.run``."""
    Launch.blocks += 1
    Launch.stretch += 1
    Launch.shared, Launch.local = {}, []
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
    for cells, shape in Launch.local:
        for index in cells:
            check_index(index, shape)


def resume(thread, *arguments):
    """Let a thread go on to its next barrier, or to its end."""
    Launch.me = thread.number
    try:
        thread.switch(*arguments)
    except Exception as error:
        error.add_note(f"in thread {thread.index} of block {thread.block}")
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


def check_index(index, shape):
    """``IndexError`` unless there is such an element in an array of that shape."""
    along = index if type(index) is tuple else (index,)
    if len(along) != len(shape) or not all(
        0 <= k < size for k, size in zip(along, shape, strict=True)
    ):
        raise IndexError(f"the index {index} is outside an array of the shape {shape}")


class Shared:
    """An array in shared memory that remembers who touched what since the last barrier.

    ``cells``: index → [value, stretch of the last writing, writer, of the last reading, reader].
    """

    def __init__(self, shape, dtype):
        self.shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.dtype, self.size = dtype, prod(self.shape)
        self.cells = {}

    def __getitem__(self, index):
        cell = self.cells.get(index)
        if cell is None:
            check_index(index, self.shape)
            raise Uninitialised(f"shared memory at {index} was read before anybody wrote it")
        stretch, me = Launch.stretch, Launch.me
        if cell[1] == stretch and cell[2] != me and cell[2] != ATOMIC:
            raise Race(f"shared memory at {index} was read with no barrier after it was written")
        if cell[3] != stretch:
            cell[3], cell[4] = stretch, me
        elif cell[4] != me:
            cell[4] = SEVERAL
        return cell[0]

    def __setitem__(self, index, value):
        cell = self.cells.get(index)
        if cell is None:
            check_index(index, self.shape)
            cell = self.cells[index] = [None, 0, None, 0, None]
        stretch, me = Launch.stretch, Launch.me
        if cell[1] == stretch and cell[2] != me and not (Launch.atomic and cell[2] == ATOMIC):
            raise Race(f"shared memory at {index} was written by two threads with no barrier")
        if cell[3] == stretch and cell[4] != me and not Launch.atomic:
            raise Race(f"shared memory at {index} was written with no barrier after it was read")
        cell[0] = self.dtype.type(value)
        cell[1], cell[2] = stretch, ATOMIC if Launch.atomic else me


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


class Local(dict):
    """A thread's own array: a dict is fast, and its indices are checked when the block is done."""

    def __missing__(self, index):
        raise Uninitialised(f"a local array was read at {index} before it was written")


def local_array(_, shape, dtype, alignment=None):
    """In place of ``cuda.local.array``."""
    cells = Local()
    Launch.local.append((cells, (shape,) if isinstance(shape, int) else tuple(shape)))
    return cells


def numpy_type(dtype):
    """A NumPy type for numba's, or for one that is NumPy's already."""
    return np.dtype(getattr(dtype, "name", dtype))


class Global:
    """An array in global memory, as a kernel sees it: it remembers who touched what."""

    def __init__(self, device_array):
        self.array = device_array._ary
        self.shape, self.dtype = self.array.shape, self.array.dtype
        self.size, self.ndim = self.array.size, self.array.ndim
        self.whole = self.dtype.kind in "iu"
        # arrays that share memory, as input and output of a step in place, share their books
        address = self.array.__array_interface__["data"][0]
        self.writers, self.readers = Launch.accesses.setdefault(address, ({}, {}))

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        me = Launch.me
        if self.writers.get(index, me) != me and not Launch.atomic:
            raise Race(f"global memory at {index} was read while another thread writes it")
        if index not in self.readers:
            check_index(index, self.shape)
            self.readers[index] = me
        elif self.readers[index] != me:
            self.readers[index] = SEVERAL
        value = self.array[index]
        return int(value) if self.whole else value

    def __setitem__(self, index, value):
        me = ATOMIC if Launch.atomic else Launch.me
        if index not in self.writers:
            check_index(index, self.shape)
            self.writers[index] = me
        elif self.writers[index] != me:
            raise Race(f"global memory at {index} was written by two threads")
        if not Launch.atomic and self.readers.get(index, me) != me:
            raise Race(f"global memory at {index} was written while another thread reads it")
        self.array[index] = value


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
