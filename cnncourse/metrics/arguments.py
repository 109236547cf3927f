"""What the metrics take, checked."""

import numpy as np

from ..support.checks import finite, numbers
from ..support.labels import ADVICE

ROUNDING = 1e-3  # by which the sum of a row of probabilities may differ from 1


def class_numbers(classes, **arrays):
    """Several arrays of class numbers, all as long: each as int64 (images,).

    Raises ``TypeError`` or ``ValueError``, which names the argument.
    """
    checked = [_one(values, name, classes) for name, values in arrays.items()]
    lengths = [len(values) for values in checked]
    if len(set(lengths)) > 1:
        raise ValueError(
            f"{' and '.join(arrays)}: expected as many of each, got "
            f"{' and '.join(map(str, lengths))}"
        )
    return checked


def _one(values, name, classes):
    values = numbers(values, name, ADVICE)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]  # (N, 1) → (N,), as ``model.predict(…) > 0.5`` gives them
    if values.ndim != 1 or values.dtype.kind not in "iub":
        raise ValueError(
            f"{name}: expected class numbers, (images,), got {values.dtype} {values.shape}; "
            "for probabilities take probabilities.argmax(axis=1)"
        )
    if len(values) and not 0 <= values.min() <= values.max() < classes:
        raise ValueError(
            f"{name}: expected class numbers from 0 to {classes - 1}, as there are {classes} "
            f"classes, got {values.min()} to {values.max()}"
        )
    return values.astype(np.int64)  # pairs of bytes would not fit into a byte


def scores(labels, values, name):
    """Labels (images,) int64 and a row of ``values`` for each, (images, classes) float64."""
    values = _rows(values, name)
    (labels,) = class_numbers(values.shape[1], labels=labels)
    if len(labels) != len(values):
        raise ValueError(
            f"labels and {name}: expected as many of each, got {len(labels)} and {len(values)}"
        )
    return labels, values


def probabilities(labels, values):
    """The same for probabilities: from 0 to 1, each row's sum 1."""
    labels, values = scores(labels, values, "probabilities")
    return labels, _sound(values)


def rows_of_probabilities(values):
    """Probabilities without labels: (images, classes) float64."""
    return _sound(_rows(values, "probabilities"))


def _rows(values, name):
    values = numbers(values, name)
    if values.ndim != 2 or values.shape[1] < 2 or len(values) == 0:
        raise ValueError(
            f"{name}: expected a row with a number for each class, (images, classes), as "
            f"model.predict gives them, got {values.shape}"
        )
    return finite(values, name).astype(np.float64)


def _sound(values):
    if values.min() < 0 or abs(values.sum(axis=1) - 1).max() > ROUNDING:
        raise ValueError(
            "probabilities: expected numbers from 0 on, whose rows sum to 1; for logits take "
            "layers.Softmax()(logits)"
        )
    return values
