"""How well two masks agree, class by class."""

import numpy as np

from ...metrics import confusion


def ious(true, predicted, classes):
    """Each class's intersection over union: (classes,), NaN for one that neither mask has.

    ``true``, ``predicted``: (N, height, width), class numbers below ``classes``.

    >>> ious(np.array([[[0, 0], [1, 1]]]), np.array([[[0, 0], [0, 1]]]), classes=2).round(3)
    array([0.667, 0.5  ])
    """
    counts = confusion(np.ravel(true), np.ravel(predicted), classes)  # (K, K)
    both = np.diag(counts).astype(float)  # pixels that both masks give the class
    either = counts.sum(axis=0) + counts.sum(axis=1) - both
    return np.divide(both, either, out=np.full(classes, np.nan), where=either > 0)
