"""Fusion: several operations in one step, so that what lies between them never goes to memory.

A convolution's output is the largest array of a small network, and ReLU and max pooling only read
it to write another one. A backend with fused kernels computes a few rows of it, pools them at once
and keeps a quarter of the numbers. The layers know nothing of it: the model asks for the `steps` of
its chain, and runs each like an operation. A step keeps what its way back needs, so each pass has
steps of its own.
"""

from .kernels.contract import FUSED_SHAPES, side_by_side
from .kernels.geometry import Geometry
from .layers import Conv2D, Dense, MaxPooling2D, ReLU

# types of operations that can be one step; the first that fit are taken
PATTERNS = (
    (Conv2D, ReLU, MaxPooling2D),
    (Conv2D, MaxPooling2D, ReLU),
    (Conv2D, MaxPooling2D),
    (Conv2D, ReLU),
    (Dense, ReLU),
    (Dense,),
)


def steps(operations, input_shape, backend):
    """The operations as a list of steps with the same results, fused where ``backend`` can.

    ``input_shape``: one image's, that the first of them gets.
    """
    if not all(hasattr(backend, name) for name in FUSED_SHAPES):
        return list(operations)
    result, rest, shape = [], list(operations), input_shape
    while rest:
        count = _fitting(rest, shape)
        taken, rest = rest[: count or 1], rest[count or 1 :]
        result.append(_fused(taken) if count else taken[0])
        for operation in taken:
            shape = operation.output_shape(shape)
    return result


def _fitting(operations, shape):
    """How many of the first operations can be one step: 0 if it must be the plain operation."""
    for pattern in PATTERNS:
        # exactly these types: a class of somebody's own may compute something else
        if tuple(map(type, operations[: len(pattern)])) == pattern:
            pools = [op for op in operations[: len(pattern)] if type(op) is MaxPooling2D]
            pixels = operations[0].output_shape(shape)
            if all(side_by_side(pool.geometry(pixels)) for pool in pools):
                return len(pattern)
    return 0


def _fused(operations):
    first, *others = operations
    by_type = {type(operation): operation for operation in others}
    if type(first) is Dense:
        return FusedDense(first, ReLU in by_type)
    return FusedConvolution(first, ReLU in by_type, by_type.get(MaxPooling2D))


class FusedConvolution:
    """A convolution, its bias, perhaps ReLU and perhaps max pooling: in that order or the other.

    The largest of some numbers, and 0 if it is below: that is the same whichever comes first.
    """

    def __init__(self, conv, relu, pool):
        self.conv, self.relu, self.pool = conv, relu, pool

    def forward(self, x, training=False):
        conv, backend = self.conv, self.conv.backend
        self.input, self.geometry = x, conv.geometry(x.shape[1:])
        self.pooling = self._pooling(self.geometry.output)
        out = backend.empty((len(x), *self.pooling.output, conv.filters))  # (N, P, Q, O)
        self.winners = backend.empty(out.shape, "uint8")
        kernel, bias = conv.parameters["kernel"], bias_of(conv)
        geometries = self.geometry, self.pooling
        backend.fused_conv2d(x, kernel, bias, *geometries, self.relu, out, self.winners)
        return out

    def _pooling(self, pixels):
        """How the pooling's window lies on the convolution's output: of one pixel if none."""
        if self.pool is None:
            return Geometry.of(pixels, (1, 1), (1, 1), "valid")
        return self.pool.geometry((*pixels, self.conv.filters))

    def backward(self, gradient, need_input_gradient=True):
        conv, backend, winners = self.conv, self.conv.backend, self.winners
        geometries = self.geometry, self.pooling
        if conv.use_bias:
            backend.fused_bias_gradient(gradient, winners, conv.new_gradient("bias"))
        room = conv.new_gradient("kernel")
        backend.fused_conv2d_kernel_gradient(self.input, gradient, winners, *geometries, room)
        if not need_input_gradient:
            return None
        out, kernel = backend.empty(self.input.shape), conv.parameters["kernel"]  # (N, H, W, C)
        backend.fused_conv2d_input_gradient(gradient, winners, kernel, *geometries, out)
        return out


class FusedDense:
    """A dense layer, its bias, and perhaps ReLU."""

    def __init__(self, dense, relu):
        self.dense, self.relu = dense, relu

    def forward(self, x, training=False):
        dense, backend = self.dense, self.dense.backend
        self.input = x
        self.output = backend.empty((len(x), dense.units))
        kernel, bias = dense.parameters["kernel"], bias_of(dense)
        backend.fused_dense(x, kernel, bias, self.relu, self.output)
        return self.output

    def backward(self, gradient, need_input_gradient=True):
        if self.relu:
            passed = self.dense.backend.empty(gradient.shape)
            self.dense.backend.relu_gradient(gradient, self.output, passed)
            gradient = passed
        self.dense.input = self.input
        return self.dense.backward(gradient, need_input_gradient)


def bias_of(layer):
    """The layer's bias, or zeros if it has none."""
    if layer.use_bias:
        return layer.parameters["bias"]
    return layer.backend.asarray([0.0] * layer.parameters["kernel"].shape[-1])
