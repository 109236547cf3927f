"""Dropout: a random part of the activations is set to 0 in training.

Computed by ``reference.dropout``, in both directions, or the same function of the model's device.
"""

from numbers import Real

import numpy as np

from ..support.elsewhere import advising
from .base import Layer
from .names_elsewhere import DROPOUT


class Dropout(Layer):
    """In training, sets each activation to 0 with probability ``rate``, and divides the others by
    1 − rate, so that the sum stays about the same. At inference, it does nothing. Takes any shape.

    Parameters
    ----------
    rate : float
        From 0 to below 1.
    name : str
        What summaries and files call the layer; ``dropout_1`` and the like if left out.

    The model's ``seed`` fixes which ones are dropped.

    Source: Srivastava et al., *Dropout*, 2014.
    """

    @advising(DROPOUT)
    def __init__(self, rate, name=None):
        super().__init__(name)
        if not isinstance(rate, Real) or not 0 <= rate < 1:
            raise ValueError(f"rate must be a number from 0 to below 1, got {rate!r}")
        self.rate = rate

    def forward(self, x, training=False):
        self.saved = int(self.rng.integers(2**64, dtype=np.uint64)) if training else None  # the key
        return self._drop(x)

    def backward(self, gradient, need_input_gradient=True):
        return self._drop(gradient)

    def _drop(self, x):
        """Dropping is linear, so the backward pass drops and divides just the same."""
        if self.saved is None:
            return x
        out = self.backend.empty(x.shape)
        self.backend.dropout(x, self.rate, self.saved, out)
        return out
