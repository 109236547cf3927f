"""Pooling: one number for each small window, channel by channel."""

import numpy as np

from ..kernels.geometry import Geometry, as_padding, as_pair, by
from .base import Layer, require_image


class MaxPooling2D(Layer):
    """The largest number in each window: (N, H, W, C) → (N, I, J, C).

    Parameters
    ----------
    pool_size : int or pair
        Height and width of the window.
    strides : None, int or pair
        Pixels from one window to the next; ``None`` means ``pool_size``, so none overlap.
    padding : "valid", "same", int or pair
        As in `Conv2D`, but what is added never wins, not even among negative numbers.

    >>> MaxPooling2D(2).output_shape((24, 24, 32))
    (12, 12, 32)

    Source: *CNN – Tutorial with Keras*, 4.2.
    """

    def __init__(self, pool_size=2, strides=None, padding="valid"):
        super().__init__()
        self.pool_size = as_pair(pool_size, "pool_size")
        self.strides = self.pool_size if strides is None else as_pair(strides, "strides")
        self.padding = as_padding(padding)
        if not isinstance(self.padding, str) and any(
            pad >= cells for pad, cells in zip(self.padding, self.pool_size, strict=True)
        ):
            raise ValueError(
                f"padding {by(self.padding)} must be smaller than the window {by(self.pool_size)}: "
                "a window may not lie wholly outside the image"
            )

    def geometry(self, input_shape):
        """How the window lies on images of ``input_shape``."""
        height, width, _ = require_image(self, input_shape)
        try:
            return Geometry.of((height, width), self.pool_size, self.strides, self.padding)
        except ValueError as error:
            raise ValueError(f"{self}: {error}") from None

    def output_shape(self, input_shape):
        return (*self.geometry(input_shape).output, input_shape[-1])

    def forward(self, x, training=False):
        self.x_shape = x.shape
        geometry = self.geometry(x.shape[1:])
        shape = (len(x), *geometry.output, x.shape[-1])  # (N, I, J, C)
        cells = self.pool_size[0] * self.pool_size[1]
        out = self.backend.empty(shape)
        self.winners = self.backend.empty(shape, np.min_scalar_type(cells))
        self.backend.max_pool2d(x, geometry, out, self.winners)
        return out

    def backward(self, gradient, need_input_gradient=True):
        result = self.backend.empty(self.x_shape)  # (N, H, W, C)
        geometry = self.geometry(self.x_shape[1:])
        self.backend.max_pool2d_gradient(gradient, self.winners, geometry, result)
        return result
