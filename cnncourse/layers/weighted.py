"""What layers with weights share: kernels, a bias, and an activation behind them."""

from .. import initializers
from ..support.arguments import flag
from ..support.checks import in_float32, numbers
from .activations import activation_named
from .base import Layer


class WeightedLayer(Layer):
    """A layer with a kernel, perhaps a bias, and perhaps an activation as a second operation."""

    def set_weighting(self, activation, use_bias, kernel_initializer, bias_initializer):
        """Take over the arguments that most of these layers have."""
        self.set_activation_and_bias(activation, use_bias)
        self.set_initializers(
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer
        )

    def set_activation_and_bias(self, activation, use_bias):
        """Take over the arguments that all of these layers have."""
        self.activation = activation_named(activation)
        self.use_bias = flag(use_bias, "use_bias")

    def set_initializers(self, **given):
        """Keep each initializer as the attribute of its argument's name."""
        for argument, initializer in given.items():
            setattr(self, argument, initializers.get(initializer, argument))

    @property
    def operations(self):
        return (self,) if self.activation is None else (self, self.activation)

    def build(self, input_shape, backend=None, rng=None):
        super().build(input_shape, backend, rng)
        if self.activation is not None:
            self.activation.build(self.output_shape(input_shape), self.backend, rng)

    def twin(self):
        twin = super().twin()
        if self.activation is not None:
            twin.activation = self.activation.twin()
        return twin

    def kernel_shape(self, input_shape):
        """The kernel's shape: the channels (or features) coming in, going out, at its end."""
        raise NotImplementedError

    def create_parameters(self, input_shape, rng):
        shape = self.kernel_shape(input_shape)
        kernel = self._initial("kernel", shape, rng, "kernel_initializer")
        return {"kernel": kernel} | self.initial_bias(shape[-1], rng)

    def initial_bias(self, count, rng):
        """The bias of ``count`` channels (or units) under its name, if the layer has one."""
        if not self.use_bias:
            return {}
        return {"bias": self._initial("bias", (count,), rng, "bias_initializer")}

    def _initial(self, name, shape, rng, argument):
        """What an initializer gives, checked; ``argument``: the one by which it was given."""
        try:
            values = getattr(self, argument)(shape, rng)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{self}: {argument} failed: {error}") from error
        values = numbers(values, f"{self}: {name!r} from {argument}")
        if values.shape != shape:
            raise ValueError(
                f"{self}: {argument} must give an array of the shape {shape}, got {values.shape}"
            )
        return in_float32(values, f"{self}: {name!r} from {argument}")

    def add_bias(self, out):
        """Add the bias, if there is one, to the layer's output."""
        if self.use_bias:
            self.backend.add_bias(out, self.parameters["bias"], out)

    def bias_gradient(self, gradient):
        """Fill the bias's gradient, if there is a bias."""
        if self.use_bias:
            self.backend.bias_gradient(gradient, self.new_gradient("bias"))
