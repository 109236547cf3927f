"""Which classes a classifier takes for which."""

import numpy as np

from ..support.checks import whole_number
from .arguments import class_numbers

MOST_CLASSES = 10_000  # whose matrix has 800 megabytes


def confusion(labels, predictions, classes):
    """The confusion matrix: how often each class was predicted for each label.

    Parameters
    ----------
    labels, predictions : array (images,) or (images, 1) of int or bool
        Class numbers: the true ones, and those that a classifier predicted.
    classes : int
        How many classes there are.

    Returns
    -------
    array (classes, classes) int64
        A row for each label, a column for each prediction.

    Raises ``ValueError`` where lengths differ, or a class number is none of 0 … classes − 1,
    ``TypeError`` for what is no number.

    >>> confusion([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], classes=2)
    array([[1, 1],
           [2, 1]])
    """
    classes = whole_number(classes, "classes", least=1, most=MOST_CLASSES)
    labels, predictions = class_numbers(classes, labels=labels, predictions=predictions)
    pairs = classes * labels + predictions  # (images,), one number for each possible pair
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def most_confused(labels, predictions, classes, count=5):
    """The pairs of classes that are confused most often, worst first.

    Arguments and errors are those of `confusion`; ``count``: how many pairs to give at most.

    Returns a list of (label, prediction, how many). Of pairs that are confused equally often, those
    of smaller labels come first.

    >>> most_confused([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], classes=2)
    [(1, 0, 2), (0, 1, 1)]
    """
    count = whole_number(count, "count", least=1)
    wrong = confusion(labels, predictions, classes)
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:count]
    pairs = [tuple(map(int, np.unravel_index(index, wrong.shape))) for index in order]
    return [(*pair, int(wrong[pair])) for pair in pairs if wrong[pair]]
