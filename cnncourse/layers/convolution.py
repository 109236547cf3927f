"""The convolutional layer."""

from ..checks import positive_int
from ..kernels.geometry import Geometry, as_padding, as_pair
from .base import require_image
from .weighted import WeightedLayer


class Conv2D(WeightedLayer):
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
    activation : None, "relu" or "softmax"
    use_bias : bool
        Whether each filter adds a number of its own.

    ``parameters["kernel"]`` is (height, width, C, filters), ``parameters["bias"]`` (filters,).

    >>> Conv2D(32, 5).output_shape((28, 28, 1))
    (24, 24, 32)

    Source: *CNN – Tutorial with Keras*, 4.1; sizes: *Convolutional Neural Networks, Explained*.
    """

    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", activation=None, use_bias=True
    ):
        super().__init__(activation, use_bias)
        self.filters = positive_int(filters, "filters")
        self.kernel_size = as_pair(kernel_size, "kernel_size")
        self.strides = as_pair(strides, "strides")
        self.padding = as_padding(padding)

    def kernel_shape(self, input_shape):
        return (*self.kernel_size, input_shape[-1], self.filters)

    def geometry(self, input_shape):
        """How the window lies on images of ``input_shape``."""
        height, width, channels = require_image(self, input_shape)
        if self.input_shape is not None and channels != self.input_shape[-1]:
            raise ValueError(
                f"{self}: expected images of {self.input_shape[-1]} channels, which its kernel was "
                f"built for, got {channels}; convert the images, or build a new model for them"
            )
        try:
            return Geometry.of((height, width), self.kernel_size, self.strides, self.padding)
        except ValueError as error:
            raise ValueError(f"{self}: {error}") from None

    def output_shape(self, input_shape):
        return (*self.geometry(input_shape).output, self.filters)

    def forward(self, x, training=False):
        self.input = x
        geometry = self.geometry(x.shape[1:])
        out = self.backend.empty((len(x), *geometry.output, self.filters))  # (N, I, J, O)
        self.backend.conv2d(x, self.parameters["kernel"], geometry, out)
        self._add_bias(out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        x, geometry = self.input, self.geometry(self.input.shape[1:])
        self._bias_gradient(gradient)
        self.backend.conv2d_kernel_gradient(x, gradient, geometry, self._new_gradient("kernel"))
        if not need_input_gradient:
            return None
        result = self.backend.empty(x.shape)  # (N, H, W, C)
        self.backend.conv2d_input_gradient(gradient, self.parameters["kernel"], geometry, result)
        return result
