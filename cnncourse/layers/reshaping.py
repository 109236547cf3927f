"""Layers that only change the shape: no kernel, no copy."""

import math

from ..support.checks import shape
from .base import Layer


class Flatten(Layer):
    """Each image's values in one row: (N, H, W, C) → (N, H·W·C), channels running fastest.

    >>> Flatten().output_shape((4, 4, 64))
    (1024,)
    """

    def output_shape(self, input_shape):
        return (math.prod(shape(input_shape, "input_shape")),)

    def forward(self, x, training=False):
        self.saved = x.shape
        return x.reshape(len(x), -1)  # (N, H·W·C)

    def backward(self, gradient, need_input_gradient=True):
        return gradient.reshape(self.saved)  # (N, H, W, C)
