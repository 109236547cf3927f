"""The CPU backend: float32, compiled by numba, over all cores.

Every sum is taken in an order that does not depend on the number of threads: the same seed gives
the same bits. The compiled code is kept beside the source, so only the first run ever compiles.
"""

import numpy as np

from .average_pooling import average_pool2d, average_pool2d_gradient
from .bias import add_bias, bias_gradient
from .convolution import conv2d
from .convolution_input_gradient import conv2d_input_gradient
from .convolution_kernel_gradient import conv2d_kernel_gradient
from .dense import dense, dense_input_gradient, dense_kernel_gradient
from .depthwise_convolution import (
    depthwise_conv2d,
    depthwise_conv2d_input_gradient,
    depthwise_conv2d_kernel_gradient,
)
from .dropout import dropout
from .few_images import Program
from .fused_convolution import (
    fused_bias_gradient,
    fused_conv2d,
    fused_conv2d_input_gradient,
    fused_conv2d_kernel_gradient,
)
from .fused_dense import fused_dense
from .fused_normalization import fused_batch_norm, fused_batch_norm_gradient
from .layer_normalization import layer_norm, layer_norm_gradient
from .losses import (
    sigmoid_cross_entropy,
    softmax,
    softmax_cross_entropy,
    softmax_gradient,
    squared_error,
)
from .lp_pooling import lp_pool2d, lp_pool2d_gradient
from .max_pooling import max_pool2d, max_pool2d_gradient
from .normalization import batch_moments, batch_norm, batch_norm_gradient, running_average
from .optimizers import (
    adam_step,
    clip,
    momentum_step,
    rmsprop_step,
    scale,
    sgd_step,
    sum_of_squares,
)
from .relu import relu, relu_gradient
from .residual import add, fused_add, fused_batch_norm_add
from .sigmoid_tanh import sigmoid, sigmoid_gradient, tanh, tanh_gradient
from .upsampling import upsample2d, upsample2d_gradient

__all__ = [
    "Program",
    "adam_step",
    "add",
    "add_bias",
    "asarray",
    "average_pool2d",
    "average_pool2d_gradient",
    "batch_moments",
    "batch_norm",
    "batch_norm_gradient",
    "bias_gradient",
    "clip",
    "conv2d",
    "conv2d_input_gradient",
    "conv2d_kernel_gradient",
    "dense",
    "dense_input_gradient",
    "dense_kernel_gradient",
    "depthwise_conv2d",
    "depthwise_conv2d_input_gradient",
    "depthwise_conv2d_kernel_gradient",
    "dropout",
    "dtype",
    "empty",
    "frees_first",
    "fused_add",
    "fused_batch_norm",
    "fused_batch_norm_add",
    "fused_batch_norm_gradient",
    "fused_bias_gradient",
    "fused_conv2d",
    "fused_conv2d_input_gradient",
    "fused_conv2d_kernel_gradient",
    "fused_dense",
    "layer_norm",
    "layer_norm_gradient",
    "lp_pool2d",
    "lp_pool2d_gradient",
    "max_pool2d",
    "max_pool2d_gradient",
    "momentum_step",
    "name",
    "relu",
    "relu_gradient",
    "rmsprop_step",
    "running_average",
    "scale",
    "sgd_step",
    "sigmoid",
    "sigmoid_cross_entropy",
    "sigmoid_gradient",
    "slice_size",
    "softmax",
    "softmax_cross_entropy",
    "softmax_gradient",
    "squared_error",
    "sum_of_squares",
    "tanh",
    "tanh_gradient",
    "to_numpy",
    "upsample2d",
    "upsample2d_gradient",
]

name = "cpu"
dtype = np.dtype(np.float32)
slice_size = 128  # so that their activations fit into the last cache, and weights are read seldom
frees_first = False


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
