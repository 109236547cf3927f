"""Batch normalisation.

Computed by ``reference.batch_moments``, ``reference.batch_norm``, ``reference.batch_norm_gradient``
and ``reference.running_average``, or the same functions of the model's device. On the CPU, a fused
step runs instead where ReLU or max pooling follow (``kernels/cpu/fused_normalization.py``); at
inference, the normalisation is folded into the convolution before it.
"""

from numbers import Real

import numpy as np

from ..support.elsewhere import advising
from .base import Layer
from .names_elsewhere import NORMALIZATION


class BatchNormalization(Layer):
    """Gives each channel mean 0 and variance 1, then a scale and a shift that are learned.

    In training, mean and variance are those of the batch, over images and positions; running
    averages of them are kept, and used at inference, and also in training once ``trainable`` is
    ``False``, as in Keras. Takes (N, H, W, C) or (N, F).

    Parameters
    ----------
    momentum : float
        What part of the running averages stays in each step; from 0 to 1.
    epsilon : float
        Added to the variance, so that nothing is divided by 0.
    name : str
        What summaries and files call the layer; ``batch_normalization_1`` and so on if left out.

    ``parameters`` are ``"gamma"``, the scale, and ``"beta"``, the shift; ``statistics`` are
    ``"moving_mean"`` and ``"moving_variance"``; each (C,).

    Source: Ioffe & Szegedy, *Batch Normalization*, 2015; arguments as in Keras.
    """

    @advising(NORMALIZATION)
    def __init__(self, momentum=0.99, epsilon=1e-3, name=None):
        super().__init__(name)
        if not isinstance(momentum, Real) or not 0 <= momentum <= 1:
            raise ValueError(f"momentum must be a number from 0 to 1, got {momentum!r}")
        self.momentum, self.epsilon = momentum, checked_epsilon(epsilon)

    def output_shape(self, input_shape):
        return require_channels(self, super().output_shape(input_shape))

    def create_parameters(self, input_shape, rng):
        return {"gamma": np.ones(input_shape[-1]), "beta": np.zeros(input_shape[-1])}

    def create_statistics(self, input_shape):
        channels = input_shape[-1]
        return {"moving_mean": np.zeros(channels), "moving_variance": np.ones(channels)}

    def forward(self, x, training=False):
        return self._normalize(x, *self.prepared(x, training), self.parameters["beta"])

    def prepared(self, x, training):
        """The mean and variance to go by, each (C,); what `backward` needs is kept."""
        training = training and self.trainable
        mean, variance = self.moments(x, training)
        self.saved = x, mean, variance, training
        return mean, variance

    def moments(self, x, training):
        """Mean and variance to go by, each (C,): in training, the batch's, else the running ones.

        In training, the running ones move towards those of the batch.
        """
        if not training:
            return tuple(self.statistics.values())
        mean = self.backend.empty(x.shape[-1])  # (C,)
        variance = self.backend.empty(x.shape[-1])  # (C,)
        self.backend.batch_moments(x, mean, variance)
        for average, value in zip(self.statistics.values(), (mean, variance), strict=True):
            self.backend.running_average(average, value, self.momentum)
        return mean, variance

    def _normalize(self, x, mean, variance, shift):
        out = self.backend.empty(x.shape)
        gamma = self.parameters["gamma"]
        self.backend.batch_norm(x, mean, variance, gamma, shift, self.epsilon, out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        x, mean, variance, training = self.saved
        out = self.backend.empty(gradient.shape)
        self.backend.batch_norm_gradient(
            gradient,
            x,
            mean,
            variance,
            self.parameters["gamma"],
            self.epsilon,
            out,
            self.new_gradient("gamma"),
            self.new_gradient("beta"),
        )
        if training:
            return out
        # fixed mean and variance do not move with x: all that is left is the scale
        nothing = self.backend.asarray(np.zeros(gradient.shape[-1]))
        return self._normalize(gradient, nothing, variance, nothing)


def checked_epsilon(epsilon):
    """``epsilon`` if it is a number that float32 holds, and its root; else a ``ValueError``."""
    if not isinstance(epsilon, Real) or not 1e-30 < epsilon < 1e30:
        raise ValueError(f"epsilon must be a number above 0, from 1e-30 to 1e30, got {epsilon!r}")
    return epsilon


def require_channels(layer, input_shape):
    """``input_shape`` if it has an axis of channels, as many as ``layer`` was built for.

    Raises ``ValueError`` otherwise.
    """
    if not input_shape:
        raise ValueError(f"{layer}: input_shape must have an axis of channels, got ()")
    if layer.input_shape is not None and input_shape[-1] != layer.input_shape[-1]:
        raise ValueError(
            f"{layer}: expected {layer.input_shape[-1]} channels, which it was built for, got "
            f"{input_shape[-1]}; convert the images, or build a new model for them"
        )
    return input_shape
