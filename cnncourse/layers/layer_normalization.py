"""Layer normalisation.

Computed by ``reference.layer_norm`` and ``reference.layer_norm_gradient``, or the same functions of
the model's device.
"""

from numbers import Integral

import numpy as np

from ..support.arguments import flag
from ..support.elsewhere import advising
from .base import Layer
from .names_elsewhere import LAYER_NORMALIZATION
from .normalization import checked_epsilon, require_channels


class LayerNormalization(Layer):
    """Gives the channels of each position mean 0 and variance 1, then a scale and a shift.

    Where `BatchNormalization` takes mean and variance over a batch, one channel by itself, this
    takes them over the channels, one position by itself: so a prediction depends on no other image,
    and training and inference are the same. Takes (N, H, W, C) or (N, F).

    Parameters
    ----------
    axis : int
        -1, the axis of channels.
    epsilon : float
        Added to the variance, so that nothing is divided by 0.
    center, scale : bool
        Whether a shift, and a scale, of each channel are learned.
    name : str
        What summaries and files call the layer; ``layer_normalization_1`` and so on if left out.

    ``parameters`` are ``"gamma"``, the scale, and ``"beta"``, the shift, each (C,), where they are
    learned.

    >>> LayerNormalization(epsilon=1e-9)(np.array([[1.0, 3.0], [50.0, 40.0]]))
    array([[-1.,  1.],
           [ 1., -1.]], dtype=float32)

    Source: Ba, Kiros & Hinton, *Layer Normalization*, 2016; arguments as in Keras.
    """

    @advising(LAYER_NORMALIZATION)
    def __init__(self, axis=-1, epsilon=1e-3, center=True, scale=True, name=None):
        super().__init__(name)
        if not isinstance(axis, Integral) or axis != -1:
            raise ValueError(
                f"axis must be -1, the channels, which are the last axis, got {axis!r}"
            )
        self.axis = -1
        self.epsilon = checked_epsilon(epsilon)
        self.center, self.scale = flag(center, "center"), flag(scale, "scale")

    def output_shape(self, input_shape):
        return require_channels(self, super().output_shape(input_shape))

    def create_parameters(self, input_shape, rng):
        gamma = {"gamma": np.ones(input_shape[-1])} if self.scale else {}
        return gamma | ({"beta": np.zeros(input_shape[-1])} if self.center else {})

    def forward(self, x, training=False):
        self.saved = x
        out = self.backend.empty(x.shape)
        gamma, beta = self._learned("gamma", x, 1), self._learned("beta", x, 0)
        self.backend.layer_norm(x, gamma, beta, self.epsilon, out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        x = self.saved
        out = self.backend.empty(x.shape)
        rooms = [
            self.new_gradient(name) if name in self.parameters else self.backend.empty(x.shape[-1])
            for name in ("gamma", "beta")
        ]
        gamma = self._learned("gamma", x, 1)
        self.backend.layer_norm_gradient(gradient, x, gamma, self.epsilon, out, *rooms)
        return out

    def _learned(self, name, x, otherwise):
        """A parameter (C,); for the channels of ``x``, ``otherwise`` where it is not learned."""
        if name in self.parameters:
            return self.parameters[name]
        return self.backend.asarray(np.full(x.shape[-1], otherwise))
