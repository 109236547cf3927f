"""The loss: softmax, then softmax with cross-entropy and its gradient."""

import numpy as np

from ..support.cases import case_rng
from .piece import Piece, changed_outputs


def softmax(z):
    """A solution: the largest logit of each row becomes 0, which changes nothing but the overflow.

    ``z``: (N, K), the logits; so are the probabilities.

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))  # (N, K)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def loss(z, labels):
    """A solution: the mean of log Σ exp z − z[label], and (p − t) / N.

    ``z``: (N, K), the logits; ``labels``: (N,), the correct classes. Gives the mean cross-entropy,
    a number, and its gradient with respect to ``z``, (N, K).

    >>> value, gradient = loss(np.array([[0.0, 0.0]]), np.array([1]))
    >>> round(float(value), 3), gradient.tolist()
    (0.693, [[0.5, -0.5]])
    """
    z = z - z.max(axis=1, keepdims=True)
    images = np.arange(len(z))
    value = (np.log(np.exp(z).sum(axis=1)) - z[images, labels]).mean()
    gradient = softmax(z)
    gradient[images, labels] -= 1
    return value, gradient / len(z)


# The cases

_rng = case_rng(1)
_SIZES = (4, 3), (6, 10), (1, 5)  # images and classes
_Z = [_rng.normal(0, 2, size) for size in _SIZES]
_LABELS = [_rng.integers(0, size[1], size[0]) for size in _SIZES]
_FEW = [(z,) for z in _Z]
_LARGE = [
    (np.array([[1000.0, 999.0, 0.0], [-1000.0, -1001.0, -999.0]]),),
    (np.array([[2000.0, 2001.0], [1.0, 2.0]]),),  # rows of unlike sizes
]
_LABELLED = list(zip(_Z, _LABELS, strict=True))
_LARGE_LABELLED = [(z, np.array([1, 0])) for (z,) in _LARGE]


def _naive_softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def _common_shift(z):
    return _naive_softmax(z - z.max())


SOFTMAX = Piece(
    solution=softmax,
    steps={"small logits": _FEW, "logits of 1,000": _LARGE},
    outputs=("the probabilities",),
    mistakes=(
        (_naive_softmax, "they overflow to NaN: subtract each row's largest logit first"),
        (_common_shift, "subtract the largest logit of each row, not of all rows together"),
        (lambda z: np.exp(z) / np.exp(z).sum(), "all images together add up to 1; each row should"),
        (lambda z: np.exp(z) / np.exp(z).sum(axis=0), "the columns add up to 1; the rows should"),
        (
            lambda z: z / z.sum(axis=1, keepdims=True),
            "logits may be negative; their exponentials are not",
        ),
        (np.exp, "divide each row by its sum"),
        (lambda z: np.log(softmax(z)), "these are the probabilities' logarithms"),
    ),
    praise="every row adds up to 1, whatever the size of its logits",
)


def _log_p(p, labels):
    """The logarithm of the correct class's probability, (N,)."""
    return np.log(p[np.arange(len(p)), labels])


def _one_hot(z, labels):
    return np.eye(z.shape[1])[labels]


_MISTAKES = (  # output, what it is instead, hint
    (0, lambda right, z, labels: right * len(z), "the sum over the images; take their mean"),
    (0, lambda right, z, labels: -_log_p(softmax(z), labels), "take the mean over the images"),
    (0, lambda right, z, labels: -right, "−log p is a positive number"),
    (0, lambda right, z, labels: right / np.log(10), "take the natural logarithm"),
    (0, lambda right, z, labels: right / np.log(2), "take the natural logarithm"),
    (
        0,
        lambda right, z, labels: right / z.shape[1],
        "the mean over the images: divide by N, not by N · K",
    ),
    (
        0,
        lambda right, z, labels: -np.log(softmax(z)).mean(),
        "only the probability of the correct class counts",
    ),
    (
        0,
        lambda right, z, labels: 1 - np.exp(_log_p(softmax(z), labels)).mean(),
        "the logarithm is missing: −log p",
    ),
    (
        0,
        lambda right, z, labels: -_log_p(_naive_softmax(z), labels).mean(),
        "it overflows: subtract each row's largest logit first",
    ),
    (
        1,
        lambda right, z, labels: right * len(z),
        "the loss is a mean: divide by the number of images",
    ),
    (
        1,
        lambda right, z, labels: right / z.shape[1],
        "divide by the number of images only, not by that of classes",
    ),
    (1, lambda right, z, labels: -right, "the sign is turned round: prediction minus target"),
    (
        1,
        lambda right, z, labels: -right * len(z),
        "the sign is turned round: prediction minus target, divided by N",
    ),
    (1, lambda right, z, labels: softmax(z) / len(z), "that is p / N; subtract the target first"),
    (1, lambda right, z, labels: softmax(z), "that is p; subtract the target, and divide by N"),
    (
        1,
        lambda right, z, labels: _one_hot(z, labels) / len(z),
        "that is t / N: prediction minus target",
    ),
    (
        1,
        lambda right, z, labels: (_naive_softmax(z) - _one_hot(z, labels)) / len(z),
        "it overflows: subtract each row's largest logit first",
    ),
)

LOSS = Piece(
    solution=loss,
    steps={"small logits": _LABELLED, "logits of 1,000": _LARGE_LABELLED},
    outputs=("the loss", "its gradient"),
    mistakes=changed_outputs(loss, _MISTAKES),
    praise="loss and gradient, for logits of any size",
)


def check_softmax(function):
    """Say whether ``function(z)`` is the softmax of the rows of ``z``, (N, K) each.

    A function that returns None counts as not written yet.

    >>> check_softmax(lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))
    not yet: at step 2 of 2, "logits of 1,000": they overflow to NaN: subtract each row's largest \
logit first
    """
    return SOFTMAX.check(function)


def check_loss(function):
    """Say whether ``function(z, labels)`` gives the softmax cross-entropy and its gradient.

    Arguments and results are those of `loss`. A function that returns None counts as not written
    yet.

    >>> check_loss(loss)
    right: loss and gradient, for logits of any size
    """
    return LOSS.check(function)
