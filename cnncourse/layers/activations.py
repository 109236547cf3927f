"""Activations: what bends the straight line, value by value (or, for softmax, row by row).

Computed by ``reference.relu``, ``reference.sigmoid``, ``reference.tanh``, ``reference.softmax`` and
their gradients, or the same functions of the model's device. On the CPU, a ReLU behind a
convolution, a dense layer or a batch normalisation is part of their fused step instead.
"""

from ..support.checks import shape
from .base import Layer


class Activation(Layer):
    """What activations share: a function of each value, whose derivative follows from its output.

    One of your own is two lines: the names of its kernel and of its gradient's.
    """

    function = None  # name of the kernel that computes the output
    derivative = None  # name of the kernel for the backward pass, from the output

    @property
    def keras_name(self):
        """What another layer's ``activation=`` calls it: ``"relu"``."""
        return type(self).__name__.lower()

    def forward(self, x, training=False):
        out = self.backend.empty(x.shape)
        getattr(self.backend, self.function)(x, out)
        self.saved = out
        return out

    def backward(self, gradient, need_input_gradient=True):
        result = self.backend.empty(gradient.shape)
        getattr(self.backend, self.derivative)(gradient, self.saved, result)
        return result


class ReLU(Activation):
    """max(0, x), the rectified linear unit. Takes and gives any shape.

    Source: *CNN – Tutorial with Keras*, 4.3.
    """

    function, derivative = "relu", "relu_gradient"


class Sigmoid(Activation):
    """1 / (1 + exp(−x)): any number into 0 … 1. Takes and gives any shape.

    Source: *Convolutional Neural Networks, Explained*.
    """

    function, derivative = "sigmoid", "sigmoid_gradient"


class Tanh(Activation):
    """The hyperbolic tangent: any number into −1 … 1, centred on 0. Takes and gives any shape.

    Source: *Convolutional Neural Networks, Explained*.
    """

    function, derivative = "tanh", "tanh_gradient"


class Softmax(Activation):
    """Logits (scores of any size) into probabilities: exp(x) / Σ exp(x) over the last axis.

    Takes and gives (images, classes), or maps (images, height, width, classes), in which each
    position has probabilities of its own.

    Source: *CNN – Tutorial with Keras*, 4.5.
    """

    function, derivative = "softmax", "softmax_gradient"

    def output_shape(self, input_shape):
        input_shape = shape(input_shape, "input_shape")
        if len(input_shape) not in (1, 3):
            raise ValueError(
                f"{self}: expected (images, classes) or (images, height, width, classes), got "
                f"(images, {', '.join(map(str, input_shape))})"
            )
        return input_shape

    def forward(self, x, training=False):
        return super().forward(x.reshape(-1, x.shape[-1])).reshape(x.shape)

    def backward(self, gradient, need_input_gradient=True):
        rows = gradient.reshape(-1, gradient.shape[-1])  # (N · positions, classes)
        return super().backward(rows).reshape(gradient.shape)


_BY_NAME = {"relu": ReLU, "sigmoid": Sigmoid, "softmax": Softmax, "tanh": Tanh}


def activation_named(name):
    """A new activation layer for the ``activation=`` of another layer.

    ``None`` for ``None``, and for Keras's ``"linear"``. Raises ``ValueError`` for an unknown name.
    """
    if name is None or (isinstance(name, str) and name == "linear"):
        return None
    if not isinstance(name, str) or name not in _BY_NAME:
        raise ValueError(f"activation must be None or one of {sorted(_BY_NAME)}, got {name!r}")
    return _BY_NAME[name](name)
