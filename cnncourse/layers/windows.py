"""What layers with a sliding window share: how the window lies on their images."""

from ..kernels.geometry import Geometry, as_padding, as_pair
from .base import Layer, require_image


class WindowLayer(Layer):
    """A layer that slides a window: ``window``, ``strides`` and ``padding`` are its geometry."""

    def __init__(self, window, strides, padding, window_name, name=None):
        super().__init__(name)
        self.window = as_pair(window, window_name)
        self.strides = self.window if strides is None else as_pair(strides, "strides")
        self.padding = as_padding(padding)

    @property
    def receptive_field(self):
        """The window and the strides, which make up the receptive field."""
        return self.window, self.strides

    def geometry(self, input_shape):
        """How the window lies on images of ``input_shape``: (height, width, channels).

        Raises ``ValueError`` that names the layer where it does not fit.
        """
        height, width, _ = require_image(self, input_shape)
        try:
            return Geometry.of((height, width), self.window, self.strides, self.padding)
        except ValueError as error:
            raise ValueError(f"{self}: {error}") from None
