"""Pooling: one value for each small window, channel by channel.

Computed by ``reference.max_pool2d``, ``reference.average_pool2d``, ``reference.lp_pool2d`` and
their gradients, or the same functions of the model's device. On the CPU, a max pooling behind a
convolution or a batch normalisation is part of their fused step instead.

All take (N, H, W, C) and give (N, I, J, C), with Keras's arguments: ``pool_size``, an int or a
pair; ``strides``, ``None`` for windows side by side; ``padding`` and ``name`` as in `Conv2D`. What
padding adds never counts: it wins no maximum and lowers no mean.

>>> MaxPooling2D(2).output_shape((24, 24, 32))
(12, 12, 32)

Sources: *CNN – Tutorial with Keras*, 4.2; *Convolutional Neural Networks, Explained*.
"""

from numbers import Real

import numpy as np

from ..support.elsewhere import advising
from ..support.text import size_text
from .names_elsewhere import POOLING
from .windows import WindowLayer

MOST_P = 1e6  # the norm is the maximum long before


class Pooling2D(WindowLayer):
    """What pooling layers with a sliding window share."""

    @advising(POOLING)
    def __init__(self, pool_size=2, strides=None, padding="valid", name=None):
        super().__init__(pool_size, strides, padding, "pool_size", name)
        self.pool_size = self.window
        if not isinstance(self.padding, str) and any(
            pad >= cells for pad, cells in zip(self.padding, self.window, strict=True)
        ):
            raise ValueError(
                f"padding {size_text(self.padding)} must be smaller than the window "
                f"{size_text(self.window)}: a window may not lie wholly outside the image"
            )

    def output_shape(self, input_shape):
        return (*self.geometry(input_shape).output, input_shape[-1])

    def pool(self, x, geometry, out):
        """Run the kernel that fills ``out`` (N, I, J, C); gives what its gradient will need."""
        raise NotImplementedError

    def pool_gradient(self, gradient, geometry, saved, out):
        """Run the kernel that fills ``out`` (N, H, W, C); ``saved`` is what `pool` gave."""
        raise NotImplementedError

    def forward(self, x, training=False):
        geometry = self.geometry(x.shape[1:])
        out = self.backend.empty((len(x), *geometry.output, x.shape[-1]))  # (N, I, J, C)
        self.saved = x.shape, geometry, self.pool(x, geometry, out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        if not need_input_gradient:
            return None
        shape, geometry, saved = self.saved
        out = self.backend.empty(shape)  # (N, H, W, C)
        self.pool_gradient(gradient, geometry, saved, out)
        return out


class MaxPooling2D(Pooling2D):
    """The largest value in each window; in the backward pass, only its pixel gets the gradient."""

    def pool(self, x, geometry, out):
        cells = geometry.window[0] * geometry.window[1]
        argmax = self.backend.empty(out.shape, np.min_scalar_type(cells))
        self.backend.max_pool2d(x, geometry, out, argmax)
        return argmax

    def pool_gradient(self, gradient, geometry, saved, out):
        self.backend.max_pool2d_gradient(gradient, saved, geometry, out)


class AveragePooling2D(Pooling2D):
    """The mean of each window."""

    def cell_weights(self, window):
        """How much each cell of the window counts: (height, width)."""
        return np.ones(window)

    def pool(self, x, geometry, out):
        weights = self.backend.asarray(self.cell_weights(geometry.window))
        self.backend.average_pool2d(x, weights, geometry, out)

    def pool_gradient(self, gradient, geometry, saved, out):
        weights = self.backend.asarray(self.cell_weights(geometry.window))
        self.backend.average_pool2d_gradient(gradient, weights, geometry, out)


class WeightedAveragePooling2D(AveragePooling2D):
    """The mean of each window, in which cells count less the farther they are from its centre.

    A cell at the distance d (in pixels) counts 1 / (1 + d). In a window of 2×2 all are equally far,
    so it is the plain mean there.

    Source: *Convolutional Neural Networks, Explained*, "a weighted average based on the distance
    from the central pixel"; the law of the weights is ours.
    """

    def cell_weights(self, window):
        down, right = (np.arange(cells) - (cells - 1) / 2 for cells in window)
        return 1 / (1 + np.hypot(down[:, None], right))  # (height, width)


class LpPooling2D(Pooling2D):
    """The p-norm of each window, ``(Σ |x|^p)^(1/p)``: the ℓ₂-norm for ``p=2``.

    ``p``: a number from 1 on; the larger, the more the largest counts.
    """

    @advising(POOLING)
    def __init__(self, pool_size=2, strides=None, padding="valid", p=2, name=None):
        super().__init__(pool_size, strides, padding, name)
        if not isinstance(p, Real) or not 1 <= p <= MOST_P:
            raise ValueError(f"p must be a number from 1 on, up to {MOST_P:g}, got {p!r}")
        self.p = p

    def pool(self, x, geometry, out):
        self.backend.lp_pool2d(x, self.p, geometry, out)
        return x, out

    def pool_gradient(self, gradient, geometry, saved, out):
        self.backend.lp_pool2d_gradient(gradient, *saved, self.p, geometry, out)
