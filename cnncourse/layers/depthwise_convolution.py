"""The depthwise convolution: each channel convolved by itself.

Computed by ``reference.depthwise_conv2d``, ``reference.depthwise_conv2d_kernel_gradient`` and
``reference.depthwise_conv2d_input_gradient``, or the same functions of the model's device.
"""

from math import prod

from ..support.checks import positive_int
from ..support.elsewhere import advising
from .convolution import ConvolutionLayer
from .names_elsewhere import DEPTHWISE


class DepthwiseLayer(ConvolutionLayer):
    """A layer that convolves each channel by itself, with ``depth_multiplier`` kernels."""

    def __init__(self, kernel_size, strides, padding, depth_multiplier, dilation_rate, name):
        super().__init__(kernel_size, strides, padding, dilation_rate, name)
        self.depth_multiplier = positive_int(depth_multiplier, "depth_multiplier")

    def depthwise_shape(self, input_shape):
        """The shape of the depthwise kernel: (U, V, C, M)."""
        return (*self.kernel_size, input_shape[-1], self.depth_multiplier)

    def depthwise_forward(self, x, kernel):
        """The maps that come out of a batch ``x`` (N, H, W, C): (N, I, J, C·M)."""
        geometry = self.geometry(x.shape[1:])
        out = self.backend.empty((len(x), *geometry.output, *kernel.shape[2:]))  # (N, I, J, C, M)
        self.backend.depthwise_conv2d(x, kernel, geometry, out)
        return out.reshape(len(x), *geometry.output, prod(kernel.shape[2:]))  # (N, I, J, C·M)

    def depthwise_backward(self, x, gradient, name, need_input_gradient):
        """Fill the gradient of the kernel ``name``; give that of ``x``, or ``None``."""
        geometry = self.geometry(x.shape[1:])
        kernel = self.parameters[name]
        gradient = gradient.reshape(*gradient.shape[:3], *kernel.shape[2:])  # (N, I, J, C, M)
        room = self.new_gradient(name)
        self.backend.depthwise_conv2d_kernel_gradient(x, gradient, geometry, room)
        if not need_input_gradient:
            return None
        out = self.backend.empty(x.shape)  # (N, H, W, C)
        self.backend.depthwise_conv2d_input_gradient(gradient, kernel, geometry, out)
        return out


class DepthwiseConv2D(DepthwiseLayer):
    """Slides kernels of one channel over each channel: (N, H, W, C) → (N, I, J, C · multiplier).

    A convolution looks for patterns and mixes the channels at once, with U · V · C weights for each
    map that comes out. This one mixes nothing, and needs U · V. A 1×1 convolution behind it mixes
    the channels: both together are a `SeparableConv2D`.

    Parameters
    ----------
    kernel_size : int or pair
        Height and width of the window.
    strides, padding
        As in `Conv2D`.
    depth_multiplier : int
        How many kernels each channel has, so how many maps come out of it: those of the first
        channel come first.
    activation : None, "relu", "sigmoid", "tanh" or "softmax"
    use_bias : bool
        Whether each map that comes out has a bias of its own.
    depthwise_initializer, bias_initializer : str or function
        Initialisation of the weights; see `initializers`.
    dilation_rate : int or pair
        Pixels from one cell of the kernel to the next, as in `Conv2D`.
    name : str
        What summaries and files call the layer; ``depthwise_conv2d_1`` and the like if left out.

    ``parameters["kernel"]`` is (height, width, C, multiplier), ``parameters["bias"]``
    (C · multiplier,).

    >>> DepthwiseConv2D(3, padding="same", depth_multiplier=2).output_shape((28, 28, 16))
    (28, 28, 32)

    Source: Chollet, *Xception: Deep Learning with Depthwise Separable Convolutions*, 2017.
    """

    @advising(DEPTHWISE)
    def __init__(
        self,
        kernel_size,
        strides=1,
        padding="valid",
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        dilation_rate=1,
        name=None,
    ):
        super().__init__(kernel_size, strides, padding, depth_multiplier, dilation_rate, name)
        self.set_activation_and_bias(activation, use_bias)
        self.set_initializers(
            depthwise_initializer=depthwise_initializer, bias_initializer=bias_initializer
        )

    def create_parameters(self, input_shape, rng):
        shape = self.depthwise_shape(input_shape)
        kernel = self._initial("kernel", shape, rng, "depthwise_initializer")
        return {"kernel": kernel} | self.initial_bias(prod(shape[2:]), rng)

    def output_shape(self, input_shape):
        return (*self.geometry(input_shape).output, input_shape[-1] * self.depth_multiplier)

    def multiply_adds(self, input_shape):
        return prod(self.output_shape(input_shape)) * prod(self.kernel_size)

    def forward(self, x, training=False):
        self.saved = x
        out = self.depthwise_forward(x, self.parameters["kernel"])
        self.add_bias(out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        self.bias_gradient(gradient)
        return self.depthwise_backward(self.saved, gradient, "kernel", need_input_gradient)
