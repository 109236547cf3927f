"""The transposed convolution: a convolution's backward pass, used to enlarge images.

Computed by the kernels of ``convolution.py`` in exchanged parts: the forward pass is
``reference.conv2d_input_gradient``, and the backward passes are ``reference.conv2d`` and
``reference.conv2d_kernel_gradient``, or the same functions of the model's device.
"""

from fractions import Fraction
from math import prod

from ..kernels.geometry import Geometry, as_padding, as_pair
from ..support.checks import positive_int, shape
from ..support.elsewhere import advising
from ..support.text import size_text
from .base import require_image
from .names_elsewhere import TRANSPOSED_CONVOLUTION
from .weighted import WeightedLayer


class Conv2DTranspose(WeightedLayer):
    """Each pixel lays ``filters`` kernels, times its value, on the output, where they add up.

    (N, H, W, C) → (N, S·H + …, S·W + …, filters): with a stride of S, neighbouring pixels' kernels
    lie S pixels apart. That is what a `Conv2D` of the same window, strides and padding does to
    gradients in its backward pass, from its output's size to its input's.

    Parameters
    ----------
    filters : int
        How many feature maps come out.
    kernel_size : int or pair
        Height and width of the kernel that each pixel is multiplied by.
    strides : int or pair
        Pixels of the output from one kernel to the next: how many times larger it is.
    padding : "valid", "same", int or pair
        What is cut off the output: nothing, so that its height is S·H + max(kernel − S, 0); what
        makes it S·H, Keras's rule; or so many pixels above and below (and left and right).
    activation : None, "relu", "sigmoid", "tanh" or "softmax"
    use_bias : bool
        Whether each feature map has a bias added to it.
    kernel_initializer, bias_initializer : str or function
        Initialisation of the weights; see `initializers`.
    name : str
        What summaries and files call the layer; ``conv2d_transpose_1`` and the like if left out.

    ``parameters["kernel"]`` is (height, width, filters, C), as in Keras, and that of the
    convolution which it reverses; ``parameters["bias"]`` (filters,).

    >>> Conv2DTranspose(8, 3, strides=2, padding="same").output_shape((14, 14, 16))
    (28, 28, 8)

    Source: Zeiler et al., *Deconvolutional Networks*, 2010; arguments as in Keras; Dumoulin &
    Visin, *A Guide to Convolution Arithmetic for Deep Learning*, 2016.
    """

    @advising(TRANSPOSED_CONVOLUTION)
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
        name=None,
    ):
        super().__init__(name)
        self.set_weighting(activation, use_bias, kernel_initializer, bias_initializer)
        self.filters = positive_int(filters, "filters")
        self.kernel_size = as_pair(kernel_size, "kernel_size")
        self.strides = as_pair(strides, "strides")
        self.padding = as_padding(padding)

    @property
    def receptive_field(self):
        """The kernels that meet in a pixel of the output, and the step between these pixels."""
        sides = tuple(zip(self.kernel_size, self.strides, strict=True))
        return tuple(-(-cells // s) for cells, s in sides), tuple(Fraction(1, s) for _, s in sides)

    def sources(self, input_shape, positions):
        """The pixels whose kernels reach the ``positions`` of the output, beyond the image, too.

        ``positions``: rows and columns, a pair of ranges; so is what comes back.
        """
        before = self.geometry(input_shape).before
        return tuple(
            range(-((cells - 1 - pad - at.start) // s), (at[-1] + pad) // s + 1)
            for at, cells, s, pad in zip(
                positions, self.kernel_size, self.strides, before, strict=True
            )
        )

    def kernel_shape(self, input_shape):
        return (*self.kernel_size, self.filters, input_shape[-1])

    def create_parameters(self, input_shape, rng):
        shape = self.kernel_shape(input_shape)
        kernel = self._initial("kernel", shape, rng, "kernel_initializer")
        return {"kernel": kernel} | self.initial_bias(self.filters, rng)

    def geometry(self, input_shape):
        """How the convolution's window lies that takes the output back to ``input_shape``.

        Raises ``ValueError`` that names the layer for what it cannot take.
        """
        height, width, channels = require_image(self, input_shape)
        if self.input_shape is not None and channels != self.input_shape[-1]:
            raise ValueError(
                f"{self}: expected images of {self.input_shape[-1]} channels, which its kernel was "
                f"built for, got {channels}; convert the images, or build a new model for them"
            )
        pads = (0, 0) if isinstance(self.padding, str) else self.padding
        image = tuple(
            size * s + (0 if self.padding == "same" else max(cells - s, 0) - 2 * pad)
            for size, cells, s, pad in zip(
                (height, width), self.kernel_size, self.strides, pads, strict=True
            )
        )
        if min(image) < 1:
            raise ValueError(
                f"{self}: padding {size_text(pads)} cuts off all of the output; take less, or "
                "larger images"
            )
        return Geometry.of(image, self.kernel_size, self.strides, self.padding)

    def output_shape(self, input_shape):
        return shape((*self.geometry(input_shape).image, self.filters), f"{self}: its output")

    def multiply_adds(self, input_shape):
        self.output_shape(input_shape)  # refuses what the layer cannot take
        return prod(input_shape) * prod(self.kernel_size) * self.filters

    def forward(self, x, training=False):
        self.saved = x
        geometry = self.geometry(x.shape[1:])
        out = self.backend.empty((len(x), *geometry.image, self.filters))  # (N, S·H, S·W, filters)
        self.backend.conv2d_input_gradient(x, self.parameters["kernel"], geometry, out)
        self.add_bias(out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        x = self.saved
        geometry = self.geometry(x.shape[1:])
        self.bias_gradient(gradient)
        room = self.new_gradient("kernel")
        self.backend.conv2d_kernel_gradient(gradient, x, geometry, room)
        if not need_input_gradient:
            return None
        out = self.backend.empty(x.shape)  # (N, H, W, C)
        self.backend.conv2d(gradient, self.parameters["kernel"], geometry, out)
        return out
