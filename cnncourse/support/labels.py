"""Labels: class numbers, one-hot rows (3 of 5 classes is 0, 0, 0, 1, 0), or rows of values."""

import numpy as np

from .checks import finite, numbers

ROUNDING = 1e-4  # by which the sum of a row of probabilities may differ from 1


def to_categorical(labels, num_classes=None):
    """Class numbers as one-hot rows: (N,) whole numbers → (N, num_classes) float32.

    ``num_classes`` defaults to the largest label plus one. Raises ``ValueError`` for labels that
    are no whole numbers, or lie outside 0 … num_classes − 1. The name is Keras's.

    >>> to_categorical([0, 2])
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    labels = np.asarray(labels)
    classes = int(labels.max()) + 1 if num_classes is None else num_classes
    return np.eye(classes, dtype=np.float32)[_class_numbers(labels, classes)]  # (N, classes)


def class_probabilities(labels, count, classes):
    """Labels of either kind as rows of probabilities: (count, classes) float32.

    Takes class numbers (count,) or one-hot rows (count, classes); rows may also be soft, several
    classes sharing a probability of 1. Raises ``ValueError`` or ``TypeError`` that says what is
    wrong for any other length, shape or range.
    """
    labels = numbers(labels, "labels")
    if labels.ndim not in (1, 2) or (labels.ndim == 2 and labels.shape[1] != classes):
        raise ValueError(
            f"labels: expected class numbers ({count},) or one-hot rows ({count}, {classes}), as "
            f"the last layer has {classes} outputs, got shape {labels.shape}"
        )
    if len(labels) != count:
        raise ValueError(
            f"labels: expected as many as images, {count}, got {len(labels)}; "
            "were images and labels split differently?"
        )
    if labels.ndim == 1:
        return to_categorical(labels, classes)
    finite(labels, "labels")
    sums = labels.sum(axis=1)  # (N,)
    wrong = (labels.min(axis=1) < 0) | (abs(sums - 1) > ROUNDING)  # (N,)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"labels: one-hot rows must be probabilities that sum to 1, got {labels[row]} in row "
            f"{row}"
        )
    return labels.astype(np.float32)


def rows(labels, shape):
    """Labels as rows of any finite values in the outputs' ``shape``, (count, K), float32.

    Labels of shape (count,) do for K = 1. Raises ``ValueError`` for other shapes.
    """
    labels = finite(numbers(labels, "labels"), "labels")
    if labels.shape != tuple(shape) and (*labels.shape, 1) != tuple(shape):
        raise ValueError(f"labels: expected the outputs' shape, {tuple(shape)}, got {labels.shape}")
    return labels.reshape(shape).astype(np.float32)


def _class_numbers(labels, classes):
    """The labels as int64, or a ``ValueError`` that names the first bad one."""
    wrong = ~((labels >= 0) & (labels < classes) & (labels == np.floor(labels)))  # catches NaN too
    if wrong.any():
        index = int(wrong.argmax())
        raise ValueError(
            f"labels must be whole numbers from 0 to {classes - 1}, as there are {classes} "
            f"classes, got {labels[index]} at index {index}; classes are counted from 0"
        )
    return labels.astype(np.int64)
