"""Layers that only change the shape: no kernel, no copy."""

import math

from ..support.checks import shape
from ..support.text import size_text
from .base import Layer


class Flatten(Layer):
    """Each image's values in one row: (N, H, W, C) → (N, H·W·C), channels running fastest.

    Once built, it refuses maps of another shape with as many values: the weights behind it would
    meet other positions.

    >>> Flatten().output_shape((4, 4, 64))
    (1024,)
    """

    def output_shape(self, input_shape):
        input_shape = shape(input_shape, "input_shape")
        known, count = self.input_shape, math.prod(input_shape)
        if known is not None and input_shape != known and count == math.prod(known):
            raise ValueError(
                f"{self}: expected maps of {size_text(known)}, which it was built for, got "
                f"{size_text(input_shape)}: as many values, but in another order"
            )
        return (count,)

    def forward(self, x, training=False):
        self.saved = x.shape
        return x.reshape(len(x), -1)  # (N, H·W·C)

    def backward(self, gradient, need_input_gradient=True):
        return gradient.reshape(self.saved)  # (N, H, W, C)
