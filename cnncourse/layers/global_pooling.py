"""Global pooling: one value for each channel of a whole image, (N, H, W, C) → (N, C).

Computed as the pooling in ``pooling.py`` is, on every device, with a window as large as the image.
"""

from ..kernels.geometry import Geometry
from ..support.elsewhere import advising
from .base import require_image
from .names_elsewhere import POOLING
from .pooling import AveragePooling2D, MaxPooling2D


class _Global:
    """Makes a pooling layer's window as large as the image, and its output a row."""

    receptive_field = None  # every value sees the whole image

    @advising(POOLING)
    def __init__(self, name=None):
        super().__init__(name=name)

    def geometry(self, input_shape):
        image = tuple(require_image(self, input_shape)[:2])
        return Geometry.of(image, image, (1, 1), "valid")

    def output_shape(self, input_shape):
        return (require_image(self, input_shape)[-1],)

    def forward(self, x, training=False):
        out = super().forward(x, training)  # (N, 1, 1, C)
        return out.reshape(len(x), -1)  # (N, C)

    def backward(self, gradient, need_input_gradient=True):
        gradient = gradient.reshape(len(gradient), 1, 1, -1)  # (N, 1, 1, C)
        return super().backward(gradient, need_input_gradient)


class GlobalMaxPooling2D(_Global, MaxPooling2D):
    """The largest value of each channel: (N, H, W, C) → (N, C).

    >>> GlobalMaxPooling2D().output_shape((7, 7, 64))
    (64,)
    """


class GlobalAveragePooling2D(_Global, AveragePooling2D):
    """The mean of each channel: (N, H, W, C) → (N, C)."""
