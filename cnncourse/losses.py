"""Losses: one number that says how wrong the outputs are, and the way back from it.

A loss is called with (outputs, labels) and gives the mean over the batch; `Loss.gradient` then
gives d loss / d outputs, which is what ``model.backward`` takes.
"""

import numpy as np

from .kernels import backend_of
from .layers import Sigmoid, Softmax
from .support import labels as label_checks
from .support.checks import numbers


class Loss:
    """Base class of all losses.

    To write one of your own, say in `targets` how labels become numbers in the outputs' shape, and
    name in ``function`` the kernel that computes each image's loss and the gradient of their mean
    (or override `losses_and_gradient`).
    """

    fused_activation = None  # the type of last layer that the kernel has built in
    function = None

    def __call__(self, outputs, labels):
        """The mean loss of ``outputs`` (images, …) for ``labels``, a float."""
        outputs = _as_batch(outputs)
        return self.value(outputs, self.targets(labels, outputs.shape))

    def value(self, outputs, targets):
        """The same for targets that `targets` made before, without checking them again."""
        losses, self._gradient = self.losses_and_gradient(outputs, targets)
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
        raise NotImplementedError(f"{type(self).__name__} has no targets")

    def losses_and_gradient(self, outputs, targets):
        """Each image's loss, as a NumPy array, and d mean / d outputs, as the backend's."""
        backend = backend_of(outputs)
        losses, gradient = backend.empty(len(outputs)), backend.empty(outputs.shape)
        kernel = getattr(backend, self.function)
        kernel(outputs, backend.asarray(targets), losses, gradient)
        return backend.to_numpy(losses), gradient

    def __getstate__(self):
        """For copies and pickles: without the last call's gradient, which lies on some device."""
        return {name: value for name, value in vars(self).items() if name != "_gradient"}

    def count_correct(self, outputs, targets):
        """How many images' outputs are right, or ``None`` where that has no meaning.

        ``outputs``: what `losses_and_gradient` takes, as a NumPy array.
        """
        return None


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

    fused_activation = Softmax
    function = "softmax_cross_entropy"

    def targets(self, labels, shape):
        if len(shape) != 2:
            raise ValueError(
                f"SoftmaxCrossEntropy: expected outputs (images, classes), got {shape}; "
                "end the model with layers.Dense(classes)"
            )
        return label_checks.class_probabilities(labels, *shape)

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

    def count_correct(self, outputs, targets):
        """How many images' largest output is that of their class."""
        return int((outputs.argmax(axis=1) == targets.argmax(axis=1)).sum())


class SigmoidCrossEntropy(Loss):
    """Cross-entropy of K independent probabilities: several answers may be right, or none.

    ``loss = mean of −t · log p − (1 − t) · log (1 − p)`` with ``p = sigmoid(outputs)``, over
    images and K. Labels are (images, K) numbers from 0 to 1, or (images,) for K = 1.

    Outputs (images, K) are scores of any size: the sigmoid is built in. A model that ends in a
    sigmoid trains and evaluates so too; in a loop of your own, leave the sigmoid off.

    Source: *CNN – Tutorial with Keras*, 4.5; the mean over K as in Keras.
    """

    fused_activation = Sigmoid
    function = "sigmoid_cross_entropy"

    def targets(self, labels, shape):
        targets = label_checks.rows(labels, shape)
        if targets.min() < 0 or targets.max() > 1:
            raise ValueError(
                f"SigmoidCrossEntropy: labels must be probabilities from 0 to 1, got "
                f"{targets.min():g} to {targets.max():g}; for class numbers take "
                "SoftmaxCrossEntropy, or one-hot rows from to_categorical"
            )
        return targets

    def count_correct(self, outputs, targets):
        """The share of the K answers on the right side of 0.5, summed over the images."""
        return float(((outputs > 0) == (targets > 0.5)).mean(axis=1).sum())


class Euclidean(Loss):
    """Half the squared distance from the labels: for real numbers instead of classes.

    ``loss = mean over images of ½ Σ (outputs − labels)²``. Outputs and labels are (images, K), or
    labels (images,) for K = 1. There is no accuracy.

    Source: *CNN – Tutorial with Keras*, 4.5; the factor ½ as in Caffe, so that the gradient is the
    difference itself. (Keras's mean squared error has none, and divides by K.)
    """

    function = "squared_error"

    def targets(self, labels, shape):
        return label_checks.rows(labels, shape)


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
    "sigmoid_cross_entropy": SigmoidCrossEntropy,
    "binary_crossentropy": SigmoidCrossEntropy,
    "euclidean": Euclidean,
}


def get(loss):
    """The loss itself, or a new one by its name, such as ``"softmax_cross_entropy"``."""
    if isinstance(loss, Loss):
        return loss
    if loss not in _BY_NAME:
        raise ValueError(f"loss must be a Loss or one of {sorted(_BY_NAME)}, got {loss!r}")
    return _BY_NAME[loss]()
