"""Whether an operation does what its class's file in ``cnncourse/layers`` says.

Fused steps and losses compute an operation in another way, with the same result. That is only right
while nobody has put something of their own in its place: a subclass, another method on the class or
on the one layer, or another kernel (`kernels.variant`).
"""

from ..layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
    ReLU,
    Residual,
    Sigmoid,
    Softmax,
    UpSampling2D,
)

# The kernels that each type's methods call.
BIAS = {"add_bias", "bias_gradient"}
KERNELS = {
    Conv2D: {"conv2d", "conv2d_kernel_gradient", "conv2d_input_gradient"} | BIAS,
    Dense: {"dense", "dense_kernel_gradient", "dense_input_gradient"} | BIAS,
    Dropout: {"dropout"},
    Flatten: set(),
    BatchNormalization: {
        "batch_moments",
        "batch_norm",
        "batch_norm_gradient",
        "running_average",
    },
    MaxPooling2D: {"max_pool2d", "max_pool2d_gradient"},
    ReLU: {"relu", "relu_gradient"},
    Residual: {"add"},
    Sigmoid: {"sigmoid", "sigmoid_gradient"},
    Softmax: {"softmax", "softmax_gradient"},
    UpSampling2D: {
        "upsample2d",
        "upsample2d_gradient",
        "average_pool2d",
        "average_pool2d_gradient",
    },
}

# What makes up its two directions, as this package has written it.
METHODS = (
    "forward", "backward", "geometry", "pool", "pool_gradient", "add_bias", "bias_gradient",
    "moments", "prepared", "function", "derivative",
)  # fmt: skip
WRITTEN = {
    kind: [(name, getattr(kind, name)) for name in METHODS if hasattr(kind, name)]
    for kind in KERNELS
}


def runs_as_written(operation):
    """Whether the operation is of one of these types, and neither its methods nor its kernels are
    somebody's own.

    >>> relu = ReLU()
    >>> runs_as_written(relu)
    True
    >>> relu.forward = abs
    >>> runs_as_written(relu)
    False
    """
    kind = type(operation)
    if kind not in KERNELS:
        return False
    replaced = getattr(operation.backend, "replaced", None)
    if replaced and not KERNELS[kind].isdisjoint(replaced):
        return False
    own = vars(operation)
    return all(getattr(kind, name) is method and name not in own for name, method in WRITTEN[kind])
