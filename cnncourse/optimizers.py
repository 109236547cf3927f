"""Optimizers: how gradients change the weights."""

from numbers import Real


class SGD:
    """Stochastic gradient descent: ``parameter -= learning_rate · gradient``.

    Parameters
    ----------
    learning_rate : float
        How far to go down the slope; above 0.

    Source: *CNN – Tutorial with Keras*, 7, where ``'sgd'`` means a learning rate of 0.01.
    """

    def __init__(self, learning_rate=0.01):
        if not isinstance(learning_rate, Real) or not 0 < learning_rate < float("inf"):
            raise ValueError(f"learning_rate must be a number above 0, got {learning_rate!r}")
        self.learning_rate = learning_rate

    def step(self, layers):
        """One step for every parameter of ``layers`` whose gradients a backward pass has filled."""
        for layer in layers:
            for name, gradient in layer.gradients.items():
                self.update(layer.backend, layer.parameters[name], gradient)

    def update(self, backend, parameter, gradient):
        """Change one parameter in place."""
        backend.sgd_step(parameter, gradient, self.learning_rate)


_BY_NAME = {"sgd": SGD}


def get(optimizer):
    """The optimizer itself, or a new one by its name with its default arguments."""
    if not isinstance(optimizer, str):
        return optimizer
    if optimizer not in _BY_NAME:
        raise ValueError(f"optimizer must be one of {sorted(_BY_NAME)}, got {optimizer!r}")
    return _BY_NAME[optimizer]()
