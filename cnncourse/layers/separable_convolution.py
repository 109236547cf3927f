"""The depthwise separable convolution: patterns in each channel first, then mixed pixel by pixel.

Computed by the kernels of `DepthwiseConv2D` and, for the 1×1 convolution behind it, of `Conv2D`.
"""

from math import prod

from ..kernels.geometry import Geometry
from ..support.checks import positive_int
from ..support.elsewhere import advising
from .depthwise_convolution import DepthwiseLayer
from .names_elsewhere import SEPARABLE


class SeparableConv2D(DepthwiseLayer):
    """A depthwise convolution and a 1×1 convolution: (N, H, W, C) → (N, I, J, filters).

    An ordinary convolution has U · V · C · filters weights. This one does its two tasks one after
    the other, with U · V · C weights to look for patterns in each channel and C · filters to mix
    the channels: for 3×3 windows and many filters, about a ninth.

    Parameters
    ----------
    filters : int
        How many maps come out.
    kernel_size : int or pair
        Height and width of the depthwise convolution's window.
    strides, padding
        Of the depthwise convolution, as in `Conv2D`.
    depth_multiplier : int
        How many maps the depthwise convolution makes of each channel.
    activation : None, "relu", "sigmoid", "tanh" or "softmax"
    use_bias : bool
        Whether each filter adds a bias of its own.
    depthwise_initializer, pointwise_initializer, bias_initializer : str or function
        Initialisation of the weights; see `initializers`.
    dilation_rate : int or pair
        Pixels from one cell of the depthwise kernel to the next, as in `Conv2D`.
    name : str
        What summaries and files call the layer; ``separable_conv2d_1`` and the like if left out.

    ``parameters["depthwise_kernel"]`` is (height, width, C, multiplier),
    ``parameters["pointwise_kernel"]`` (1, 1, C · multiplier, filters), ``parameters["bias"]``
    (filters,).

    >>> SeparableConv2D(64, 3).output_shape((28, 28, 32))
    (26, 26, 64)

    Source: Chollet, *Xception: Deep Learning with Depthwise Separable Convolutions*, 2017.
    """

    @advising(SEPARABLE)
    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        dilation_rate=1,
        name=None,
    ):
        super().__init__(kernel_size, strides, padding, depth_multiplier, dilation_rate, name)
        self.set_activation_and_bias(activation, use_bias)
        self.set_initializers(
            depthwise_initializer=depthwise_initializer,
            pointwise_initializer=pointwise_initializer,
            bias_initializer=bias_initializer,
        )
        self.filters = positive_int(filters, "filters")

    def create_parameters(self, input_shape, rng):
        shape = self.depthwise_shape(input_shape)
        mixing = (1, 1, prod(shape[2:]), self.filters)
        return {
            "depthwise_kernel": self._initial(
                "depthwise_kernel", shape, rng, "depthwise_initializer"
            ),
            "pointwise_kernel": self._initial(
                "pointwise_kernel", mixing, rng, "pointwise_initializer"
            ),
        } | self.initial_bias(self.filters, rng)

    def output_shape(self, input_shape):
        return (*self.geometry(input_shape).output, self.filters)

    def multiply_adds(self, input_shape):
        maps = input_shape[-1] * self.depth_multiplier
        positions = prod(self.geometry(input_shape).output)
        return positions * maps * (prod(self.kernel_size) + self.filters)

    def forward(self, x, training=False):
        maps = self.depthwise_forward(x, self.parameters["depthwise_kernel"])  # (N, I, J, C·M)
        self.saved = x, maps
        out = self.backend.empty((*maps.shape[:3], self.filters))  # (N, I, J, O)
        mixing = self.parameters["pointwise_kernel"]
        self.backend.conv2d(maps, mixing, _pixel_by_pixel(maps), out)
        self.add_bias(out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        x, maps = self.saved
        self.bias_gradient(gradient)
        geometry, room = _pixel_by_pixel(maps), self.new_gradient("pointwise_kernel")
        self.backend.conv2d_kernel_gradient(maps, gradient, geometry, room)
        mixing = self.parameters["pointwise_kernel"]
        back = self.backend.empty(maps.shape)  # (N, I, J, C·M)
        self.backend.conv2d_input_gradient(gradient, mixing, geometry, back)
        return self.depthwise_backward(x, back, "depthwise_kernel", need_input_gradient)


def _pixel_by_pixel(maps):
    """The geometry of a 1×1 convolution of ``maps`` (N, I, J, …)."""
    return Geometry.of(maps.shape[1:3], (1, 1), (1, 1), "valid")
