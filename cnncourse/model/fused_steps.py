"""The steps that several operations become: see `fusion`.

A step runs like a layer. What it keeps for its backward pass it keeps itself; of the layers that it
stands in for, it writes only their ``gradients``, and the running statistics of a normalisation.
``learner`` is the one of them that has weights.
"""

from ..kernels.geometry import Geometry
from ..layers import BatchNormalization
from ..layers.rows import run, run_back
from .as_written import runs_as_written


class FusedConvolution:
    """A convolution, its bias, perhaps ReLU and perhaps max pooling: in that order or the other.

    The largest of some values, and 0 if it is below: that is the same whichever comes first.
    """

    def __init__(self, conv, relu, pool):
        self.conv = self.learner = conv
        self.relu = relu
        self.pool = pool

    def forward(self, x, training=False):
        conv, backend = self.conv, self.conv.backend
        self.input = x
        self.geometry = conv.geometry(x.shape[1:])
        self.pooling = pooling_of(self.pool, self.geometry.output, conv.filters)
        out = backend.empty((len(x), *self.pooling.output, conv.filters))  # (N, P, Q, O)
        keeps = self.relu or self.pool is not None
        self.argmax = backend.empty(out.shape, "uint8") if keeps else None
        geometries = self.geometry, self.pooling
        weights = conv.parameters["kernel"], bias_of(conv)
        backend.fused_conv2d(x, *weights, *geometries, self.relu, out, self.argmax)
        return out

    def backward(self, gradient, need_input_gradient=True, addend=None):
        """``addend``: what else to add to the input's gradient, (N, H, W, C)."""
        conv, backend, argmax = self.conv, self.conv.backend, self.argmax
        geometries = self.geometry, self.pooling
        if conv.use_bias:
            backend.fused_bias_gradient(gradient, argmax, conv.new_gradient("bias"))
        room = conv.new_gradient("kernel")
        backend.fused_conv2d_kernel_gradient(self.input, gradient, argmax, *geometries, room)
        if not need_input_gradient:
            return None
        out, kernel = backend.empty(self.input.shape), conv.parameters["kernel"]  # (N, H, W, C)
        lies = addend, *geometries
        backend.fused_conv2d_input_gradient(gradient, argmax, kernel, *lies, out)
        return out


class FusedNormalization:
    """Batch normalisation in training, perhaps ReLU and perhaps max pooling, in either order."""

    def __init__(self, norm, relu, pool):
        self.norm = self.learner = norm
        self.relu = relu
        self.pool = pool

    def forward(self, x, training=True):
        norm, backend = self.norm, self.norm.backend
        self.input, self.moments = x, norm.moments(x, training)
        self.pooling = pooling_of(self.pool, x.shape[1:3], x.shape[3])
        out = backend.empty((len(x), *self.pooling.output, x.shape[3]))  # (N, P, Q, C)
        self.argmax = backend.empty(out.shape, "uint8")
        learned = norm.parameters["gamma"], norm.parameters["beta"], norm.epsilon
        rest = self.pooling, self.relu, out, self.argmax
        backend.fused_batch_norm(x, *self.moments, *learned, *rest)
        return out

    def backward(self, gradient, need_input_gradient=True):
        norm, backend = self.norm, self.norm.backend
        out = backend.empty(self.input.shape)  # (N, H, W, C)
        backend.fused_batch_norm_gradient(
            gradient,
            self.argmax,
            self.input,
            *self.moments,
            norm.parameters["gamma"],
            norm.epsilon,
            self.pooling,
            out,
            norm.new_gradient("gamma"),
            norm.new_gradient("beta"),
        )
        return out


class FusedDense:
    """A dense layer, its bias, and perhaps ReLU."""

    def __init__(self, dense, relu):
        self.dense = self.learner = dense
        self.relu = relu

    def forward(self, x, training=False):
        dense, backend = self.dense, self.dense.backend
        self.input = x
        self.output = backend.empty((len(x), dense.units))
        kernel, bias = dense.parameters["kernel"], bias_of(dense)
        backend.fused_dense(x, kernel, bias, self.relu, self.output)
        return self.output

    def backward(self, gradient, need_input_gradient=True):
        dense = self.dense
        backend = dense.backend
        if self.relu:
            passed = backend.empty(gradient.shape)  # (N, units)
            backend.relu_gradient(gradient, self.output, passed)
            gradient = passed
        dense.bias_gradient(gradient)
        backend.dense_kernel_gradient(self.input, gradient, dense.new_gradient("kernel"))
        if not need_input_gradient:
            return None
        out = backend.empty(self.input.shape)  # (N, F)
        backend.dense_input_gradient(gradient, dense.parameters["kernel"], out)
        return out


class FusedResidual:
    """The branches of a residual block, each in steps of its own, their sum and perhaps ReLU.

    The sum is taken in one go with a batch normalisation that ends the layers, and the gradient of
    one with that of a convolution that begins them.
    """

    def __init__(self, residual, branches, relu):
        self.residual = self.learner = residual
        self.branches = branches
        self.relu = relu

    def forward(self, x, training=False):
        backend = self.residual.backend
        (*front, last), shortcut = self.branches
        deep = run(front, x, training, backend)
        past = run(shortcut, x, training, backend)
        if type(last) is BatchNormalization and runs_as_written(last):
            moments = last.prepared(deep, training)
            learned = last.parameters["gamma"], last.parameters["beta"], last.epsilon
            self.output = backend.empty(deep.shape)  # (N, I, J, C)
            rest = past, self.relu, self.output
            backend.fused_batch_norm_add(deep, *moments, *learned, *rest)
            return self.output
        deep = run([last], deep, training, backend)
        self.output = backend.empty(deep.shape)  # (N, I, J, C)
        add = backend.fused_add if self.relu else backend.add
        add(deep, past, self.output)
        return self.output

    def backward(self, gradient, need_input_gradient=True):
        backend = self.residual.backend
        if self.relu:
            passed = backend.empty(gradient.shape)  # (N, I, J, C)
            backend.relu_gradient(gradient, self.output, passed)
            gradient = passed
        (first, *rest), shortcut = self.branches
        past = run_back(shortcut, gradient, need_input_gradient, backend)
        if need_input_gradient and type(first) is FusedConvolution:
            gradient = run_back(rest, gradient, True, backend)
            return first.backward(gradient, addend=past)  # it adds while it writes
        deep = run_back((first, *rest), gradient, need_input_gradient, backend)
        if not need_input_gradient:
            return None
        out = backend.empty(deep.shape)  # (N, H, W, C)
        backend.add(deep, past, out)
        return out


class InferringConvolution:
    """A convolution and what follows it, without a backward pass.

    With the means and variances of training, batch normalisation multiplies each filter's output by
    a number and adds another one. A filter whose weights are multiplied by that number, and whose
    bias has the other added, does the same.
    """

    def __init__(self, conv, norm, relu, pool):
        self.conv = conv
        self.norm = norm
        self.relu = relu
        self.pool = pool
        self.kernel = conv.parameters["kernel"]
        self.bias = bias_of(conv)
        if norm is not None:
            numbers = conv.backend.to_numpy
            mean, variance = map(numbers, norm.moments(None, training=False))
            gamma, beta = (numbers(norm.parameters[name]) for name in ("gamma", "beta"))
            scale = gamma / (variance + variance.dtype.type(norm.epsilon)) ** 0.5  # (O,)
            self.kernel = conv.backend.asarray(numbers(self.kernel) * scale)
            self.bias = conv.backend.asarray((numbers(self.bias) - mean) * scale + beta)

    def forward(self, x, training=False):
        conv, geometry = self.conv, self.conv.geometry(x.shape[1:])
        pooling = pooling_of(self.pool, geometry.output, conv.filters)
        out = conv.backend.empty((len(x), *pooling.output, conv.filters))  # (N, P, Q, O)
        weights = self.kernel, self.bias
        conv.backend.fused_conv2d(x, *weights, geometry, pooling, self.relu, out, None)
        return out


def pooling_of(pool, pixels, channels):
    """How the windows of ``pool`` lie on the ``pixels`` (height, width): of one pixel if none."""
    if pool is None:
        return Geometry.of(pixels, (1, 1), (1, 1), "valid")
    return pool.geometry((*pixels, channels))


def bias_of(layer):
    """The layer's bias, or zeros if it has none."""
    if layer.use_bias:
        return layer.parameters["bias"]
    return layer.backend.asarray([0.0] * layer.parameters["kernel"].shape[-1])
