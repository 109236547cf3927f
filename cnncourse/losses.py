"""Losses: one number that says how wrong the outputs are, and its gradient.

A loss is called with (outputs, labels) and gives the mean over the batch; `Loss.gradient` then
gives d loss / d outputs, which is what ``model.backward`` takes.
"""

import numpy as np

from .kernels import backend_of
from .layers import Sigmoid, Softmax
from .support import labels as label_checks
from .support.arguments import described, flag
from .support.checks import limit, numbers
from .support.image_weights import image_weights
from .support.text import call_text


class Loss:
    """Base class of all losses.

    To write one of your own, say in `targets` how labels become numbers in the outputs' shape, and
    name in ``function`` the kernel that computes each image's loss and the gradient of their mean
    (or override `losses_and_gradient`). To be saved with a model, keep the constructor's arguments
    as attributes of the same names.
    """

    fused_activation = None  # the type of last layer that the kernel has built in
    function = None

    def __repr__(self):
        return call_text(self)

    def __call__(self, outputs, labels, sample_weight=None):
        """The mean loss of ``outputs`` (images, …) for ``labels``, a float.

        ``sample_weight`` (images,): numbers from 0 on, how much each image counts. The loss is then
        the sum of weight · loss, divided by the number of images and not by the sum of the weights,
        as in Keras.
        """
        outputs = _as_batch(outputs)
        targets = self.targets(labels, outputs.shape)
        weights = image_weights(len(outputs), sample_weight)
        return self.value(outputs, targets, backend_of(outputs), weights)

    def value(self, outputs, targets, backend, weights=None):
        """The same for the arrays of ``backend``, and targets that `targets` made before.

        ``weights``: (images,) float64, in NumPy.
        """
        vars(self).pop("_gradient", None)  # first, so that the memory may be the same
        losses, self._gradient = self.losses_and_gradient(outputs, targets, backend)
        if weights is None:
            return float(np.mean(losses, dtype=np.float64))
        by_image = weights.reshape(-1, *[1] * (len(self._gradient.shape) - 1))  # (N, 1, …)
        gradient = backend.to_numpy(self._gradient)
        self._gradient = backend.asarray(gradient * by_image.astype(gradient.dtype))
        return float(np.mean(losses * weights, dtype=np.float64))

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

    def losses_and_gradient(self, outputs, targets, backend):
        """Each image's loss (images,), in NumPy, and d mean / d outputs, on ``backend``."""
        losses = backend.empty(len(outputs))
        gradient = backend.empty(outputs.shape)
        kernel = getattr(backend, self.function)
        kernel(outputs, backend.asarray(targets), losses, gradient)
        return backend.to_numpy(losses), gradient

    def __getstate__(self):
        """For copies and pickles: without the last call's gradient, which lies on some device."""
        return {name: value for name, value in vars(self).items() if name != "_gradient"}

    def class_numbers(self, targets):
        """The class of each image (images,), int64, or ``None`` where targets are no classes."""
        return None

    def count_correct(self, outputs, targets):
        """How many images' outputs are correct, or ``None`` where that has no meaning.

        ``outputs``: what `losses_and_gradient` takes, as a NumPy array.
        """
        return None


class CrossEntropy(Loss):
    """What both cross-entropies share: they take logits, or the probabilities made of them.

    A softmax (or sigmoid) and the logarithm behind it are stable together and not apart: `function`
    computes both, from logits. Probabilities that were rounded to 0 or 1 have lost what it needs,
    so they are taken as at least 10⁻⁷ away from both, as in Keras.
    """

    CLOSEST = 1e-7  # that a probability may come to 0 or 1

    def __init__(self, from_logits=True, label_smoothing=0.0):
        self.from_logits = flag(from_logits, "from_logits")
        self.label_smoothing = limit(label_smoothing, "label_smoothing", most=1)
        if self.label_smoothing == 1:
            raise ValueError("label_smoothing must be below 1: nothing would be left of the labels")

    def losses_and_gradient(self, outputs, targets, backend):
        if self.from_logits:
            return super().losses_and_gradient(outputs, targets, backend)
        # rare, and a few numbers for each image: NumPy's float64 will do on any device
        probabilities = backend.to_numpy(outputs).astype(np.float64)  # (N, K)
        if probabilities.min() < 0 or probabilities.max() > 1:
            raise ValueError(
                f"{self!r}: expected probabilities from 0 to 1, got {probabilities.min():g} to "
                f"{probabilities.max():g}; for logits take from_logits=True"
            )
        probabilities = probabilities.clip(self.CLOSEST, 1 - self.CLOSEST)
        losses, gradient = self.of_probabilities(probabilities, targets.astype(np.float64))
        return losses, backend.asarray(gradient / len(outputs))

    def _smoothed(self, targets, classes):
        """Targets, with a share of 1 spread evenly over the ``classes``."""
        if not self.label_smoothing:
            return targets
        share = np.float32(self.label_smoothing)
        return targets * (1 - share) + share / np.float32(classes)

    def of_probabilities(self, probabilities, targets):
        """Each image's loss (N,), and d losses / d probabilities (N, K); all float64."""
        raise NotImplementedError(f"{type(self).__name__} has no of_probabilities")


class SoftmaxCrossEntropy(CrossEntropy):
    """How surprised the softmax of the outputs is by the correct class: for one class out of K.

    ``loss = −mean log softmax(outputs)[label]``. Labels are class numbers (images,) or one-hot rows
    (images, K). Outputs may also be maps, (images, height, width, K), with a class for each
    position: then labels are (images, height, width), or one-hot (images, height, width, K), an
    image's loss is the mean of its positions', and so is its share in the accuracy.

    Parameters
    ----------
    from_logits : bool
        Whether outputs (images, …, K) are logits, scores of any size, whose softmax is built in;
        else they are that softmax's probabilities. In a model this need not be said: one that ends
        in a softmax trains and evaluates on the logits before it.
    label_smoothing : float
        What share of each label is spread evenly over all K classes, from 0 to below 1, so that
        no logit gains by growing without bounds. The losses of `fit` and `evaluate` are then those
        of the smoothed labels, as in Keras.

    >>> round(SoftmaxCrossEntropy()([[0.0, 0.0]], [1]), 4)  # two classes, no idea: log 2
    0.6931
    >>> round(SoftmaxCrossEntropy(from_logits=False)([[0.5, 0.5]], [1]), 4)
    0.6931
    >>> round(SoftmaxCrossEntropy()(np.zeros((1, 4, 4, 2)), np.ones((1, 4, 4), int)), 4)
    0.6931

    Source: *CNN – Tutorial with Keras*, 4.5. (The POSTECH course prints the formula for two
    classes while its code computes this one.)
    """

    fused_activation = Softmax
    function = "softmax_cross_entropy"

    def targets(self, labels, shape):
        if len(shape) not in (2, 4):
            raise ValueError(
                "SoftmaxCrossEntropy: expected outputs (images, classes), or maps (images, height, "
                f"width, classes), got {shape}; end the model with layers.Dense(classes)"
            )
        checked = label_checks.class_probabilities if len(shape) == 2 else label_checks.class_maps
        return self._smoothed(checked(labels, *shape), shape[-1])

    def losses_and_gradient(self, outputs, targets, backend):
        """The positions of maps are rows; an image's loss is their mean."""
        rows = outputs.reshape(-1, outputs.shape[-1])  # (N · positions, K)
        losses, gradient = super().losses_and_gradient(rows, targets.reshape(rows.shape), backend)
        return _by_image(losses, len(outputs)), gradient.reshape(outputs.shape)

    def of_probabilities(self, probabilities, targets):
        """Rows that do not quite sum to 1 are divided by their sums, as in Keras."""
        sums = probabilities.sum(axis=1, keepdims=True)  # (N, 1)
        losses = -(targets * np.log(probabilities / sums)).sum(axis=1)  # (N,)
        return losses, targets.sum(axis=1, keepdims=True) / sums - targets / probabilities

    def class_numbers(self, targets):
        """The class of each image; where each position has one, an image has none."""
        return targets.argmax(axis=1) if targets.ndim == 2 else None

    def count_correct(self, outputs, targets):
        """How many images' largest output is that of their class; of maps, how large a share."""
        correct = outputs.argmax(axis=-1) == targets.argmax(axis=-1)  # (N, …)
        if correct.ndim == 1:
            return int(correct.sum())
        return float(_by_image(correct, len(correct)).sum())


class SigmoidCrossEntropy(CrossEntropy):
    """Cross-entropy of K independent probabilities: several classes may apply, or none.

    ``loss = mean of −t · log p − (1 − t) · log (1 − p)`` with ``p = sigmoid(outputs)``, over
    images and K. Labels are (images, K) numbers from 0 to 1, or (images,) for K = 1.

    Parameters
    ----------
    from_logits : bool
        Whether outputs (images, K) are logits, scores of any size, whose sigmoid is built in; else
        they are the probabilities themselves. In a model this need not be said.
    label_smoothing : float
        What share of each label is drawn to ½, from 0 to below 1.

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
        return self._smoothed(targets, 2)

    def of_probabilities(self, probabilities, targets):
        others = 1 - probabilities  # (N, K)
        losses = -(targets * np.log(probabilities) + (1 - targets) * np.log(others)).mean(axis=1)
        gradient = (1 - targets) / others - targets / probabilities  # (N, K)
        return losses, gradient / probabilities.shape[1]

    def class_numbers(self, targets):
        """0 or 1 for one probability; of several, an image may have several classes, or none."""
        return (targets[:, 0] > 0.5).astype(np.int64) if targets.shape[1] == 1 else None

    def count_correct(self, outputs, targets):
        """The share of the K predictions on the correct side of a half, summed over the images."""
        middle = 0 if self.from_logits else 0.5
        return float(((outputs > middle) == (targets > 0.5)).mean(axis=1).sum())


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


def _by_image(values, count):
    """The mean of each image's values: (images,) float64."""
    return values.reshape(count, -1).mean(axis=1, dtype=np.float64)


def _as_batch(outputs):
    """Outputs as some backend's array; lists and NumPy's other types become float64."""
    if not hasattr(outputs, "dtype") or outputs.dtype not in (np.float32, np.float64):
        outputs = numbers(outputs, "outputs").astype(np.float64)
    if outputs.shape == ():
        raise ValueError("outputs: expected a row for each image, (images, …), got one number")
    return np.ascontiguousarray(outputs) if isinstance(outputs, np.ndarray) else outputs


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
    if not isinstance(loss, str) or loss not in _BY_NAME:
        raise ValueError(f"loss must be a Loss or one of {sorted(_BY_NAME)}, got {described(loss)}")
    return _BY_NAME[loss]()
