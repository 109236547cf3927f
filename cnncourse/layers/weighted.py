"""What `Conv2D` and `Dense` share: a kernel, a bias, and an activation behind them."""

from .. import initializers
from .activations import activation_named
from .base import Layer


class WeightedLayer(Layer):
    """A layer with a kernel, perhaps a bias, and perhaps an activation as a second operation."""

    def set_weighting(self, activation, use_bias, kernel_initializer, bias_initializer):
        """Take over the arguments that both layers have."""
        self.activation = activation_named(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)

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
        parameters = {"kernel": self.kernel_initializer(shape, rng)}
        if self.use_bias:
            parameters["bias"] = self.bias_initializer(shape[-1:], rng)
        return parameters

    def add_bias(self, out):
        """Add the bias, if there is one, to the layer's output."""
        if self.use_bias:
            self.backend.add_bias(out, self.parameters["bias"], out)

    def bias_gradient(self, gradient):
        """Fill the bias's gradient, if there is a bias."""
        if self.use_bias:
            self.backend.bias_gradient(gradient, self.new_gradient("bias"))
