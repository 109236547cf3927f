"""Activations: what bends the straight line, number by number (or, for softmax, row by row)."""

from .base import Layer


class ReLU(Layer):
    """max(0, x), the rectified linear unit. Takes and gives any shape.

    Source: *CNN – Tutorial with Keras*, 4.3.
    """

    def forward(self, x, training=False):
        self.output = self.backend.empty(x.shape)
        self.backend.relu(x, self.output)
        return self.output

    def backward(self, gradient, need_input_gradient=True):
        result = self.backend.empty(gradient.shape)
        self.backend.relu_gradient(gradient, self.output, result)
        return result


class Softmax(Layer):
    """Scores into probabilities: exp(x) / Σ exp(x) in each row of (images, classes).

    Source: *CNN – Tutorial with Keras*, 4.5.
    """

    def output_shape(self, input_shape):
        if len(input_shape) != 1:
            raise ValueError(
                f"{self}: expected (images, classes), got (images, "
                f"{', '.join(map(str, input_shape))}); add layers.Flatten() or a Dense layer before"
            )
        return input_shape

    def forward(self, x, training=False):
        self.output = self.backend.empty(x.shape)
        self.backend.softmax(x, self.output)
        return self.output

    def backward(self, gradient, need_input_gradient=True):
        result = self.backend.empty(gradient.shape)
        self.backend.softmax_gradient(gradient, self.output, result)
        return result


_BY_NAME = {"relu": ReLU, "softmax": Softmax}


def activation_named(name):
    """A new activation layer for the ``activation=`` of another layer; ``None`` for ``None``."""
    if name is None:
        return None
    if name not in _BY_NAME:
        raise ValueError(f"activation must be None or one of {sorted(_BY_NAME)}, got {name!r}")
    return _BY_NAME[name]()
