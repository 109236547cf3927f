"""The CPU backend: float32 loops, compiled by numba, over all cores.

Every sum is taken in an order that does not depend on the number of threads: the same seed gives
the same bits. The compiled code is kept beside the source, so only the first run ever compiles.
"""

import numpy as np

from .convolution import conv2d, conv2d_input_gradient, conv2d_kernel_gradient
from .dense import dense, dense_input_gradient, dense_kernel_gradient
from .elementwise import add_bias, bias_gradient, relu, relu_gradient, sgd_step
from .pooling import max_pool2d, max_pool2d_gradient
from .softmax import softmax, softmax_cross_entropy, softmax_gradient

__all__ = [
    "add_bias",
    "asarray",
    "bias_gradient",
    "conv2d",
    "conv2d_input_gradient",
    "conv2d_kernel_gradient",
    "dense",
    "dense_input_gradient",
    "dense_kernel_gradient",
    "dtype",
    "empty",
    "max_pool2d",
    "max_pool2d_gradient",
    "name",
    "relu",
    "relu_gradient",
    "sgd_step",
    "softmax",
    "softmax_cross_entropy",
    "softmax_gradient",
    "to_numpy",
]

name = "cpu"
dtype = np.dtype(np.float32)


def asarray(values):
    """The values as a contiguous float32 array.

    A read-only array is copied: numba would compile every kernel a second time for that type.
    """
    array = np.ascontiguousarray(values, dtype)
    return array if array.flags.writeable else array.copy()


def empty(shape, dtype=dtype):
    """An array to be written."""
    return np.empty(shape, dtype)


def to_numpy(array):
    """The array itself: it is NumPy's already."""
    return array
