"""Losses: one number that says how wrong the outputs are, and the way back from it.

A loss is called with (outputs, labels) and gives the mean over the batch; `Loss.gradient` then
gives d loss / d outputs, which is what ``model.backward`` takes.
"""

import numpy as np

from .checks import numbers
from .kernels import backend_of
from .labels import class_probabilities
from .layers import Softmax


class Loss:
    """Base class of all losses.

    To write one of your own, say how labels become ``targets``, and compute in ``measure`` each
    image's loss and the gradient of their mean.
    """

    absorbs = None  # the type of last layer that `measure` has built in

    def __call__(self, outputs, labels):
        """The mean loss of ``outputs`` (images, …) for ``labels``, a float."""
        outputs = _as_batch(outputs)
        return self.value(outputs, self.targets(labels, outputs.shape))

    def value(self, outputs, targets):
        """The same for targets that `targets` made before, without checking them again."""
        losses, self._gradient = self.measure(outputs, targets)
        return float(np.mean(losses, dtype=np.float64))

    def gradient(self):
        """d loss / d outputs for the last call, in the outputs' shape.

        Raises ``RuntimeError`` if there was no call.
        """
        if not hasattr(self, "_gradient"):
            raise RuntimeError(f"{type(self).__name__}: call the loss first, loss(outputs, labels)")
        return self._gradient

    def targets(self, labels, shape):
        """The labels, checked, as float numbers in the outputs' ``shape``."""
        raise NotImplementedError

    def measure(self, outputs, targets):
        """Each image's loss, as a NumPy array, and d mean / d outputs, as the backend's."""
        raise NotImplementedError


class SoftmaxCrossEntropy(Loss):
    """How surprised the softmax of the outputs is by the right class: for one class out of K.

    ``loss = −mean log softmax(outputs)[label]``. Labels are class numbers (images,) or one-hot rows
    (images, K).

    Outputs (images, K) are scores of any size ("logits"), and the softmax is built in: together
    they are stable where each alone would overflow. A model that ends in a softmax trains and
    evaluates so too. In a loop of your own, outputs may also be that softmax's probabilities:
    rows of numbers ≥ 0 that sum to 1 are taken as such.

    >>> round(SoftmaxCrossEntropy()([[0.0, 0.0]], [1]), 4)  # two classes, no idea: log 2
    0.6931

    Source: *CNN – Tutorial with Keras*, 4.5. (The POSTECH course prints the formula for two
    classes while its code computes this one.)
    """

    absorbs = Softmax

    def targets(self, labels, shape):
        if len(shape) != 2:
            raise ValueError(
                f"SoftmaxCrossEntropy: expected outputs (images, classes), got {shape}; "
                "end the model with layers.Dense(classes)"
            )
        return class_probabilities(labels, *shape)

    def __call__(self, outputs, labels):
        outputs = _as_batch(outputs)
        targets = self.targets(labels, outputs.shape)
        probabilities = backend_of(outputs).to_numpy(outputs)
        if not _are_probabilities(probabilities):
            return self.value(outputs, targets)
        # where a probability has faded to 0, its logarithm's slope would be infinite
        probabilities = np.maximum(probabilities, np.finfo(probabilities.dtype).tiny)
        backend = backend_of(outputs)
        self._gradient = backend.asarray(-targets / probabilities / len(probabilities))
        return float(-np.sum(targets * np.log(probabilities), dtype=np.float64) / len(targets))

    def measure(self, outputs, targets):
        backend = backend_of(outputs)
        losses = backend.empty(len(outputs))
        gradient = backend.empty(outputs.shape)
        backend.softmax_cross_entropy(outputs, backend.asarray(targets), losses, gradient)
        return backend.to_numpy(losses), gradient


def _as_batch(outputs):
    """Outputs as some backend's array; lists and NumPy's other types become float64."""
    if hasattr(outputs, "dtype") and outputs.dtype in (np.float32, np.float64):
        return outputs
    return numbers(outputs, "outputs").astype(np.float64)


def _are_probabilities(rows):
    """Whether all rows are ≥ 0 and sum to 1, as no untouched scores ever do."""
    return bool((rows >= 0).all() and np.allclose(rows.sum(axis=1), 1, atol=1e-5))


_BY_NAME = {
    "softmax_cross_entropy": SoftmaxCrossEntropy,
    "categorical_crossentropy": SoftmaxCrossEntropy,  # Keras's names for it
    "sparse_categorical_crossentropy": SoftmaxCrossEntropy,
}


def get(loss):
    """The loss itself, or a new one by its name, such as ``"softmax_cross_entropy"``."""
    if isinstance(loss, Loss):
        return loss
    if loss not in _BY_NAME:
        raise ValueError(f"loss must be a Loss or one of {sorted(_BY_NAME)}, got {loss!r}")
    return _BY_NAME[loss]()
