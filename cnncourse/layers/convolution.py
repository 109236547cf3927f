"""The convolutional layer.

Computed by ``reference.conv2d``, ``reference.conv2d_kernel_gradient`` and
``reference.conv2d_input_gradient``, or the same functions of the model's device. On the CPU, the
fused step of ``model/fused_steps.py`` runs instead, by ``kernels/cpu/fused_convolution.py``.
"""

from math import prod

from ..support.checks import positive_int
from ..support.elsewhere import advising
from .names_elsewhere import CONVOLUTION
from .weighted import WeightedLayer
from .windows import WindowLayer


class ConvolutionLayer(WeightedLayer, WindowLayer):
    """What layers share whose window holds weights: ``kernel_size`` of them, for each channel."""

    def __init__(self, kernel_size, strides, padding, dilation_rate, name):
        super().__init__(kernel_size, strides, padding, "kernel_size", name, dilation_rate)
        self.kernel_size = self.cells

    def geometry(self, input_shape):
        geometry = super().geometry(input_shape)
        channels = input_shape[-1]
        if self.input_shape is not None and channels != self.input_shape[-1]:
            raise ValueError(
                f"{self}: expected images of {self.input_shape[-1]} channels, which its kernel was "
                f"built for, got {channels}; convert the images, or build a new model for them"
            )
        return geometry


class Conv2D(ConvolutionLayer):
    """Slides ``filters`` kernels over the images: (N, H, W, C) → (N, I, J, filters).

    Parameters
    ----------
    filters : int
        How many kernels, so how many feature maps come out.
    kernel_size : int or pair
        Height and width of the window.
    strides : int or pair
        Pixels from one position of the window to the next.
    padding : "valid", "same", int or pair
        Zeros around the image: none; Keras's rule, so that I = ⌈H / stride⌉; or that many above
        and below (and left and right).
    activation : None, "relu", "sigmoid", "tanh" or "softmax"
    use_bias : bool
        Whether each filter adds a bias of its own.
    kernel_initializer, bias_initializer : str or function
        Initialisation of the weights; see `initializers`.
    dilation_rate : int or pair
        Pixels from one cell of the kernel to the next, so that it sees more of the image with the
        same number of weights: the window of a 3×3 kernel at a rate of 2 spans 5×5 pixels.
    name : str
        What summaries and files call the layer; ``conv2d_1`` and the like if left out.

    ``parameters["kernel"]`` is (height, width, C, filters), ``parameters["bias"]`` (filters,).

    >>> Conv2D(32, 5).output_shape((28, 28, 1))
    (24, 24, 32)

    Source: *CNN – Tutorial with Keras*, 4.1; sizes: *Convolutional Neural Networks, Explained*.
    """

    @advising(CONVOLUTION)
    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        dilation_rate=1,
        name=None,
    ):
        super().__init__(kernel_size, strides, padding, dilation_rate, name)
        self.set_weighting(activation, use_bias, kernel_initializer, bias_initializer)
        self.filters = positive_int(filters, "filters")

    def kernel_shape(self, input_shape):
        return (*self.kernel_size, input_shape[-1], self.filters)

    def output_shape(self, input_shape):
        return (*self.geometry(input_shape).output, self.filters)

    def multiply_adds(self, input_shape):
        return prod(self.output_shape(input_shape)) * prod(self.kernel_size) * input_shape[-1]

    def forward(self, x, training=False):
        self.saved = x
        geometry = self.geometry(x.shape[1:])
        out = self.backend.empty((len(x), *geometry.output, self.filters))  # (N, I, J, O)
        self.backend.conv2d(x, self.parameters["kernel"], geometry, out)
        self.add_bias(out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        x, kernel = self.saved, self.parameters["kernel"]
        geometry = self.geometry(x.shape[1:])
        self.bias_gradient(gradient)
        room = self.new_gradient("kernel")
        self.backend.conv2d_kernel_gradient(x, gradient, geometry, room)
        if not need_input_gradient:
            return None
        out = self.backend.empty(x.shape)  # (N, H, W, C)
        self.backend.conv2d_input_gradient(gradient, kernel, geometry, out)
        return out

    @property
    def dilated(self):
        """Whether there are gaps in the window."""
        return self.window != self.cells
