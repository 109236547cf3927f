"""What `Conv2D` and `Dense` share: a kernel, a bias, and an activation behind them."""

import numpy as np

from .. import initializers
from .activations import activation_named
from .base import Layer


class WeightedLayer(Layer):
    """A layer with a kernel, perhaps a bias, and perhaps an activation as a second operation."""

    def __init__(self, activation, use_bias):
        super().__init__()
        self.use_bias = use_bias
        self.activation = activation_named(activation)

    @property
    def operations(self):
        return (self,) if self.activation is None else (self, self.activation)

    def build(self, input_shape, backend=None, rng=None):
        super().build(input_shape, backend, rng)
        if self.activation is not None:
            self.activation.build(self.output_shape(input_shape), self.backend, rng)

    def kernel_shape(self, input_shape):
        """The kernel's shape: the channels (or features) coming in, going out, at its end."""
        raise NotImplementedError

    def create_parameters(self, input_shape, rng):
        shape = self.kernel_shape(input_shape)
        parameters = {"kernel": initializers.glorot_uniform(shape, rng)}
        if self.use_bias:
            parameters["bias"] = np.zeros(shape[-1])
        return parameters

    def _add_bias(self, out):
        if self.use_bias:
            self.backend.add_bias(out, self.parameters["bias"], out)

    def _new_gradient(self, name):
        """Room for the gradient of the parameter ``name``, noted in ``gradients``."""
        self.gradients[name] = self.backend.empty(self.parameters[name].shape)
        return self.gradients[name]

    def _bias_gradient(self, gradient):
        if self.use_bias:
            self.backend.bias_gradient(gradient, self._new_gradient("bias"))
