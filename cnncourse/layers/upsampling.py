"""Upsampling: images enlarged by whole factors, without weights.

Computed by ``reference.upsample2d`` and, for bilinear interpolation, ``reference.average_pool2d``
behind it, and by their gradients, or the same functions of the model's device.
"""

from fractions import Fraction

import numpy as np

from ..kernels.geometry import Geometry, as_pair
from ..support.checks import shape
from ..support.elsewhere import advising
from .base import Layer, require_image
from .names_elsewhere import UPSAMPLING

INTERPOLATIONS = "nearest", "bilinear"


class UpSampling2D(Layer):
    """Enlarges images: (N, H, W, C) → (N, size·H, size·W, C).

    Parameters
    ----------
    size : int or pair
        How many times higher and wider they get.
    interpolation : "nearest" or "bilinear"
        Whether each pixel is repeated, or the values go from each pixel's centre to its
        neighbours' in straight lines, which at the edge stay as they are.
    name : str
        What summaries and files call the layer; ``up_sampling2d_1`` and the like if left out.

    >>> import numpy as np
    >>> UpSampling2D((1, 2))(np.array([[[[1], [3]]]]))[0, 0, :, 0]
    array([1., 1., 3., 3.], dtype=float32)
    >>> UpSampling2D((1, 2), interpolation="bilinear")(np.array([[[[1], [3]]]]))[0, 0, :, 0]
    array([1. , 1.5, 2.5, 3. ], dtype=float32)

    Source: arguments as in Keras.
    """

    @advising(UPSAMPLING)
    def __init__(self, size=2, interpolation="nearest", name=None):
        super().__init__(name)
        self.size = as_pair(size, "size")
        if not isinstance(interpolation, str) or interpolation not in INTERPOLATIONS:
            raise ValueError(
                f"interpolation must be one of {', '.join(INTERPOLATIONS)}, got {interpolation!r}"
            )
        self.interpolation = interpolation

    @property
    def bilinear(self):
        """Whether neighbouring pixels are mixed."""
        return self.interpolation == "bilinear"

    @property
    def receptive_field(self):
        """The pixels that one of the output depends on, and its distance from the next one."""
        window = tuple(1 + (self.bilinear and factor > 1) for factor in self.size)
        return window, tuple(Fraction(1, factor) for factor in self.size)

    def sources(self, input_shape, positions):
        """The pixels that the ``positions`` of the output depend on, beyond the image, too.

        ``positions``: rows and columns, a pair of ranges; so is what comes back.
        """
        reach = [factor // 2 if self.bilinear else 0 for factor in self.size]
        return tuple(
            range((at.start - further) // factor, (at[-1] + further) // factor + 1)
            for at, factor, further in zip(positions, self.size, reach, strict=True)
        )

    def output_shape(self, input_shape):
        height, width, channels = require_image(self, input_shape)
        down, right = self.size
        return shape((height * down, width * right, channels), f"{self}: its output")

    def forward(self, x, training=False):
        self.saved = x.shape
        out = self.backend.empty(
            (len(x), *self.output_shape(x.shape[1:]))
        )  # (N, size·H, size·W, C)
        self.backend.upsample2d(x, out)
        if not self.bilinear:
            return out
        mixed = self.backend.empty(out.shape)
        self.backend.average_pool2d(out, *self._mixing(out.shape), mixed)
        return mixed

    def backward(self, gradient, need_input_gradient=True):
        if not need_input_gradient:
            return None
        if self.bilinear:
            mixed = gradient
            gradient = self.backend.empty(mixed.shape)  # (N, size·H, size·W, C)
            self.backend.average_pool2d_gradient(mixed, *self._mixing(mixed.shape), gradient)
        out = self.backend.empty(self.saved)  # (N, H, W, C)
        self.backend.upsample2d_gradient(gradient, out)
        return out

    def _mixing(self, enlarged):
        """The weights and the windows of the means that make repeated pixels bilinear.

        A window as wide as a pixel has become, around a point: its parts on the two pixels that it
        lies on are as long as the point is close to each. Where the width is even, it begins and
        ends in the middle of a cell, which counts half. At the edge, all that it meets on the image
        is one pixel's. ``enlarged``: the shape (N, size·H, size·W, C).
        """
        down, right = (_box(factor) for factor in self.size)
        weights = self.backend.asarray(np.outer(down, right))  # (U, V)
        reach = tuple(factor // 2 for factor in self.size)
        return weights, Geometry.of(tuple(enlarged[1:3]), weights.shape, (1, 1), reach)


def _box(width):
    """``width`` cells that count 1, centred on a cell: an odd number of them, the outer ones half.

    >>> _box(3).tolist(), _box(2).tolist()
    ([1.0, 1.0, 1.0], [0.5, 1.0, 0.5])
    """
    cells = np.ones(width // 2 * 2 + 1)
    if width % 2 == 0:
        cells[[0, -1]] = 0.5
    return cells
