"""Labels: class numbers, one-hot rows (3 of 5 classes is 0, 0, 0, 1, 0), or rows of values."""

import numpy as np

from .checks import finite, in_float32, numbers, positive_int

MOST_CLASSES = 10**8
ROUNDING = 1e-4  # by which the sum of a row of probabilities may differ from 1
ADVICE = (
    "names become class numbers by class_names, labels = np.unique(labels, return_inverse=True)"
)


def to_categorical(labels, num_classes=None):
    """Class numbers as one-hot rows: (N,) or (N, 1) whole numbers → (N, num_classes) float32.

    ``num_classes`` defaults to the largest label plus one. Raises ``TypeError`` for labels that are
    no numbers; ``ValueError`` for those that are no whole numbers, or lie outside 0 …
    num_classes − 1, for another shape, and for no labels at all where ``num_classes`` is left out.
    The name is Keras's.

    >>> to_categorical([0, 2])
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    labels = class_numbers(labels, num_classes)
    classes = int(labels.max()) + 1 if num_classes is None else int(num_classes)
    one_hot = np.zeros((len(labels), classes), np.float32)
    one_hot[np.arange(len(labels)), labels] = 1
    return one_hot


def class_numbers(labels, classes=None):
    """Class numbers (N,) or (N, 1), checked: (N,) int64.

    ``classes``: how many there are; ``None``: as many as the labels say. Raises what
    `to_categorical` does.
    """
    labels = _array(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]  # (N, 1) → (N,)
    if labels.ndim != 1:
        raise ValueError(f"labels: expected class numbers (N,), got shape {labels.shape}")
    if classes is None:
        if len(labels) == 0:
            raise ValueError("labels: expected at least one to count classes by; give num_classes")
        largest = float(finite(labels, "labels").max())
        if largest > MOST_CLASSES:
            raise ValueError(
                f"labels: expected class numbers up to {MOST_CLASSES:,}, got {largest:g}; one-hot "
                "rows of so many classes fit into no memory"
            )
        classes = max(int(largest) + 1, 1)
    return _in_range(labels, positive_int(classes, "num_classes"))


def class_probabilities(labels, count, classes):
    """Labels of either kind as rows of probabilities: (count, classes) float32.

    Takes class numbers (count,) or (count, 1), or one-hot rows (count, classes); rows may also be
    soft, several classes sharing a probability of 1. Raises ``ValueError`` or ``TypeError`` that
    says what is wrong for any other length, shape or range.
    """
    labels = _array(labels)
    if labels.ndim == 2 and labels.shape[1] == 1 != classes:
        labels = labels[:, 0]  # (N, 1) → (N,)
    if labels.ndim not in (1, 2) or (labels.ndim == 2 and labels.shape[1] != classes):
        raise ValueError(
            f"labels: expected class numbers ({count},) or one-hot rows ({count}, {classes}), as "
            f"the last layer has {classes} outputs, got shape {labels.shape}"
        )
    if len(labels) != count:
        raise ValueError(_another_number(count, len(labels)))
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


def class_maps(labels, count, height, width, classes):
    """Labels of maps as probabilities of each position: (count, height, width, classes) float32.

    Takes class numbers (count, height, width), or with a last axis of 1; or one-hot or soft labels
    (count, height, width, classes). Raises what `class_probabilities` does.
    """
    labels = _array(labels)
    if labels.shape[1:] not in {(height, width, *last) for last in ((), (1,), (classes,))}:
        raise ValueError(
            f"labels: expected a class number for each position, ({count}, {height}, {width}), or "
            f"one-hot labels ({count}, {height}, {width}, {classes}), got shape {labels.shape}"
        )
    if len(labels) != count:
        raise ValueError(_another_number(count, len(labels)))
    positions = count * height * width
    rows = class_probabilities(labels.reshape(positions, *labels.shape[3:]), positions, classes)
    return rows.reshape(count, height, width, classes)


def rows(labels, shape):
    """Labels as rows of any finite values in the outputs' ``shape``, (count, K), float32.

    Labels of shape (count,) do for K = 1. Raises ``ValueError`` for other shapes.
    """
    labels = in_float32(_array(labels), "labels")
    if labels.shape != tuple(shape) and (*labels.shape, 1) != tuple(shape):
        raise ValueError(f"labels: expected the outputs' shape, {tuple(shape)}, got {labels.shape}")
    return labels.reshape(shape).astype(np.float32)


def _another_number(count, labels):
    return (
        f"labels: expected as many as images, {count}, got {labels}; "
        "were images and labels split differently?"
    )


def _array(labels):
    """The labels as an array of numbers, or a ``TypeError`` about labels."""
    if labels is None:
        raise TypeError("labels are missing: give them behind the images, as in fit(x, y)")
    return numbers(labels, "labels", ADVICE)


def _in_range(labels, classes):
    """The labels as int64, or a ``ValueError`` that names the first bad one."""
    wrong = ~((labels >= 0) & (labels < classes) & (labels == np.floor(labels)))  # catches NaN too
    if wrong.any():
        index = int(wrong.argmax())
        raise ValueError(
            f"labels must be whole numbers from 0 to {classes - 1}, as there are {classes} "
            f"classes, got {labels[index]} at index {index}; classes are counted from 0"
        )
    return labels.astype(np.int64)
