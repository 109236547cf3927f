"""Whether a network is as often right as it says.

A network that is *calibrated* is right in 8 of 10 cases where its largest probability is 0.8.
*Temperature scaling* brings one nearer to that: it divides the logits by one number, the
temperature, which is fitted on images held out. No prediction changes, only how sure it is.

Source: Guo et al., *On Calibration of Modern Neural Networks*, 2017.
"""

import numpy as np

from ..support import arguments
from ..support.checks import positive_int
from .arguments import probabilities as checked
from .arguments import rows_of_probabilities

COLDEST, HOTTEST = 0.01, 100.0  # temperatures: beyond them nothing changes that anybody could see
HALVINGS = 60  # of the range of temperatures: more than float64 tells apart
SMALLEST = float(np.finfo(np.float32).tiny)  # a probability of 0 has no logit


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


def temperature(labels, probabilities):
    """The temperature that makes probabilities fit the labels best: above 1, they were too sure.

    It has the least cross-entropy. Fit it on images held out, not on those that the network was
    trained on, and give it to `with_temperature`. Arguments and errors are those of `reliability`.
    Gives a number from 0.01, where all predictions are correct, to 100.

    >>> round(temperature([0, 0, 0, 1], [[0.9, 0.1]] * 4), 2)  # log 9 / log 3: 75 % are right
    2.0
    """
    labels, values = checked(labels, probabilities)
    logits = _logits(values)  # (images, classes)
    own = np.take_along_axis(logits, labels[:, None], axis=1).mean()
    low, high = COLDEST, HOTTEST
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        # d loss / d (1 / T) = mean logit under the probabilities − mean logit of the labels
        if (_softmax(logits / middle) * logits).sum(axis=1).mean() > own:
            low = middle  # too sure
        else:
            high = middle
    return float(middle)


def with_temperature(probabilities, temperature):
    """Probabilities at another temperature: softmax(logits / temperature), (images, classes).

    ``probabilities``: (images, classes), as a model that ends in a softmax gives them;
    ``temperature``: a number above 0, as the function of that name gives it. Raises ``ValueError``
    or ``TypeError``, which names the argument.

    >>> with_temperature([[0.9, 0.1]], 2).round(2)
    array([[0.75, 0.25]])
    """
    temperature = arguments.real(temperature, "temperature", least=COLDEST, most=HOTTEST)
    values = rows_of_probabilities(probabilities)
    return _softmax(_logits(values) / temperature)


def _logits(probabilities):
    """Logits that have these probabilities, the largest of each row 0."""
    logits = np.log(np.maximum(probabilities, SMALLEST))
    return logits - logits.max(axis=1, keepdims=True)


def _softmax(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)
