"""Accuracy for several guesses."""

import numpy as np

from ..support.checks import whole_number
from .arguments import scores


def top_k_accuracy(labels, probabilities, k=5):
    """The share of images whose label is among the ``k`` classes with the largest numbers.

    Parameters
    ----------
    labels : array (images,) of int
    probabilities : array (images, classes)
        What ``model.predict`` gives; logits will do as well.
    k : int
        How many guesses there are; from 1 to the number of classes.

    Where several classes share a place, all of them count as in it, as in Keras's
    ``TopKCategoricalAccuracy``. Raises ``ValueError`` or ``TypeError``, which names the argument.

    >>> top_k_accuracy([0, 1], [[0.2, 0.5, 0.3], [0.1, 0.2, 0.7]], k=2)
    0.5
    """
    labels, values = scores(labels, probabilities, "probabilities")
    k = whole_number(k, "k", least=1)
    if k > values.shape[1]:
        raise ValueError(f"k must be at most the number of classes, {values.shape[1]}, got {k}")
    own = np.take_along_axis(values, labels[:, None], axis=1)  # (images, 1)
    return float(((values > own).sum(axis=1) < k).mean())
