"""The GPU backend: float32, compiled by numba.cuda.

Arrays stay in the GPU's memory from the first layer to the optimizer. Every sum is taken in an
order that is fixed: the same seed gives the same bits.

``device_arrays.py`` are its arrays, ``memory_pool.py`` lends them memory, ``launch_queue.py`` makes
the launches, those that come again all at once. The steps that lead to the fast convolution of
`implicit_gemm` are in the chapter about the GPU.
"""

from .average_pooling import average_pool2d, average_pool2d_gradient
from .bias import add_bias, bias_gradient
from .convolution import conv2d, conv2d_input_gradient, conv2d_kernel_gradient
from .dense import dense, dense_input_gradient, dense_kernel_gradient
from .depthwise_convolution import (
    depthwise_conv2d,
    depthwise_conv2d_input_gradient,
    depthwise_conv2d_kernel_gradient,
)
from .device_arrays import FLOAT as dtype
from .device_arrays import asarray, device_name, empty, synchronize, to_numpy
from .dropout import dropout
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
from .residual import add
from .sigmoid_tanh import sigmoid, sigmoid_gradient, tanh, tanh_gradient
from .upsampling import upsample2d, upsample2d_gradient

__all__ = [
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
    "device_name",
    "dropout",
    "dtype",
    "empty",
    "frees_first",
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
    "synchronize",
    "tanh",
    "tanh_gradient",
    "to_numpy",
    "upsample2d",
    "upsample2d_gradient",
]

name = "cuda"
slice_size = None
frees_first = True
