"""Arrays in the GPU's memory."""

from math import prod

import numpy as np

from .compiler import cuda
from .driver import copy_to_gpu, copy_to_host
from .launch_queue import queue
from .memory_pool import Allocation

FLOAT = np.dtype(np.float32)


class Array:
    """An array on the GPU: opaque but for its shape, type and size.

    ``numpy.asarray(array)`` copies it into a NumPy array, ``array[...] = values`` overwrites it;
    the rest is done by kernels, which are given ``flat``: the elements in one row, as numba's own
    array.

    >>> asarray([[1, 2], [3, 4]])
    Array on the GPU, 2×2 float32
    """

    device = "cuda"
    __slots__ = ("_allocation", "dtype", "flat", "shape", "size")

    def __init__(self, allocation, shape):
        self.shape = shape
        self.flat = allocation.memory
        self.dtype, self.size = allocation.key
        self._allocation = allocation

    @property
    def ndim(self):
        return len(self.shape)

    def __len__(self):
        return self.shape[0]

    def __repr__(self):
        return f"Array on the GPU, {'×'.join(map(str, self.shape))} {self.dtype}"

    def reshape(self, *shape):
        """The same memory in another shape, sizes or a tuple of them; one may be −1, the rest."""
        shape = shape[0] if isinstance(shape[0], tuple) else shape
        if -1 in shape:
            rest = self.size // -prod(shape)
            shape = tuple(rest if size == -1 else size for size in shape)
        if prod(shape) != self.size:
            raise ValueError(f"an array of the shape {self.shape} cannot be reshaped to {shape}")
        return Array(self._allocation, tuple(shape))

    def __array__(self, dtype=None, copy=None):
        return np.asarray(to_numpy(self), dtype)

    def __setitem__(self, index, values):
        if index is not Ellipsis:
            raise TypeError(
                "an array on the GPU can only be overwritten as a whole, array[...] = values; for "
                "more, change a NumPy copy: numpy.array(array)"
            )
        values = np.broadcast_to(np.asarray(values, self.dtype), self.shape)
        _write(np.ascontiguousarray(values), self)


def asarray(values):
    """The values as a float32 array on the GPU: themselves if they are one."""
    if isinstance(values, Array) and values.dtype == FLOAT:
        return values
    values = np.ascontiguousarray(np.asarray(values, FLOAT))
    array = empty(np.shape(values))
    _write(values, array)
    return array


def _write(values, array):
    """Copy the values, a whole NumPy array of the same type and size, to the GPU."""
    queue.before_writing(array.flat)
    copy_to_gpu(values.reshape(-1), array.flat)


def empty(shape, dtype=FLOAT):
    """An array on the GPU of a shape, a tuple or an integer, to be written: it holds anything."""
    shape = (shape,) if isinstance(shape, int) else tuple(map(int, shape))
    return Array(Allocation(np.dtype(dtype), prod(shape)), shape)


def to_numpy(array):
    """The elements as a NumPy array: waits for the kernels that write them."""
    queue.before_reading()
    return copy_to_host(array.flat).reshape(array.shape)


def synchronize():
    """Wait until the GPU has done all that it was told to."""
    queue.before_reading()
    cuda.synchronize()


def device_name():
    """What the maker calls the GPU."""
    name = cuda.get_current_device().name
    return name.decode() if isinstance(name, bytes) else name
