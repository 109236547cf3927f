"""Whether a network is as often right as it says.

A network that is *calibrated* is right in 8 of 10 cases where its largest probability is 0.8.

Source: Guo et al., *On Calibration of Modern Neural Networks*, 2017.
"""

import numpy as np

from ..support.checks import positive_int
from .arguments import probabilities as checked


def reliability(labels, probabilities, bins=10):
    """Confidence and accuracy of images that are put into ``bins`` by their confidence.

    Parameters
    ----------
    labels : array (images,) of int
    probabilities : array (images, classes)
        Rows that sum to 1, as a model that ends in a softmax gives them. Each row's largest number
        is the network's *confidence*.
    bins : int
        How many bins of equal width there are from 0 to 1.

    Gives a dict of arrays, a number for each bin that has images: ``"confidence"`` and
    ``"accuracy"``, means over its images, float64, and ``"images"``, how many there are, int64.
    Raises ``ValueError`` or ``TypeError``, which names the argument.

    >>> found = reliability([0, 1, 0], [[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]], bins=2)
    >>> found["confidence"].round(2), found["accuracy"].round(2), found["images"]
    (array([0.77]), array([0.67]), array([3]))
    """
    labels, values = checked(labels, probabilities)
    bins = positive_int(bins, "bins")
    confidence = values.max(axis=1)  # (images,)
    right = values.argmax(axis=1) == labels  # (images,)
    borders = np.linspace(0, 1, bins + 1)[1:-1]
    bin_of = np.searchsorted(borders, confidence)  # (images,)
    images = np.bincount(bin_of, minlength=bins)
    filled = images > 0
    sums = [np.bincount(bin_of, weights, bins)[filled] for weights in (confidence, right)]
    images = images[filled]
    return {"confidence": sums[0] / images, "accuracy": sums[1] / images, "images": images}


def expected_calibration_error(labels, probabilities, bins=10):
    """How far confidence and accuracy lie apart: their mean distance, weighted by the images.

    Arguments and errors are those of `reliability`. Gives a number from 0 to 1.

    >>> probabilities = [[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]]
    >>> round(expected_calibration_error([0, 1, 0], probabilities, bins=2), 2)
    0.1
    """
    found = reliability(labels, probabilities, bins)
    apart = abs(found["accuracy"] - found["confidence"])
    return float(np.average(apart, weights=found["images"]))
