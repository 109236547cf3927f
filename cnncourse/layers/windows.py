"""What layers with a sliding window share: how the window lies on their images."""

from ..kernels.geometry import Geometry, as_padding, as_pair, extent_of
from .base import Layer, require_image


class WindowLayer(Layer):
    """A layer that slides a window.

    ``cells``, ``dilation_rate``, ``strides`` and ``padding`` are its geometry; ``window`` are the
    pixels that it spans: as many as it has cells, if there are no gaps between them.
    """

    def __init__(self, window, strides, padding, window_name, name=None, dilation_rate=1):
        super().__init__(name)
        self.cells = as_pair(window, window_name)
        self.dilation_rate = as_pair(dilation_rate, "dilation_rate")
        self.window = extent_of(self.cells, self.dilation_rate)
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
        lies = self.cells, self.strides, self.padding, self.dilation_rate
        try:
            return Geometry.of((height, width), *lies)
        except ValueError as error:
            raise ValueError(f"{self}: {error}") from None
