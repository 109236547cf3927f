"""What a count of correct images says about the images that were not tried."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from ..support import arguments
from ..support.checks import whole_number
from .arguments import class_numbers

MANY_CLASSES = 2**31  # no class number is larger


def wilson_interval(correct, images, confidence=0.95):
    """Which true accuracies fit a count: Wilson's interval, (low, high), both from 0 to 1.

    Parameters
    ----------
    correct, images : int
        How many of how many images were classified correctly.
    confidence : float
        In what share of all tests the interval holds the true accuracy; between 0 and 1.

    Unlike accuracy ± 2 standard deviations, it never runs beyond 0 or 1, and is right for few
    images and for accuracies near 1. Raises ``TypeError`` or ``ValueError``, which names the
    argument.

    >>> low, high = wilson_interval(99, 100)
    >>> f"{low:.3f} to {high:.3f}"
    '0.946 to 0.998'

    Source: Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, 1927.
    """
    images = whole_number(images, "images", least=1)
    correct = whole_number(correct, "correct", least=0)
    if correct > images:
        raise ValueError(f"correct must be at most images, {images}, got {correct}")
    arguments.real(confidence, "confidence", above=0, below=1)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = correct / images, z * z / images
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * sqrt(share * (1 - share) / images + weight / (4 * images))
    # at the ends the formula gives 0 and 1 exactly, but for rounding
    low = 0.0 if correct == 0 else middle - half
    high = 1.0 if correct == images else middle + half
    return low, high


class Comparison(NamedTuple):
    """What `mcnemar` gives."""

    only_first: int  # images that only the first classifier had right
    only_second: int
    p_value: float  # how probable a difference at least so large is by chance


def mcnemar(labels, first, second):
    """Whether one classifier is better than another on the same images: McNemar's exact test.

    Images that both have right, or both wrong, say nothing about which is better. Of the others, a
    half should fall to each if they were equally good: how probable is it that chance alone splits
    them at least so unevenly?

    ``labels``, ``first``, ``second``: (images,) of int, the true classes and two predictions. Gives
    ``(only_first, only_second, p_value)``. Raises ``ValueError`` or ``TypeError``, which names the
    argument.

    >>> mcnemar([0, 0, 1, 1, 1], first=[0, 0, 1, 1, 0], second=[1, 0, 0, 0, 0])
    Comparison(only_first=3, only_second=0, p_value=0.25)

    Source: McNemar, *Note on the sampling error of the difference between correlated proportions or
    percentages*, 1947, with the binomial distribution in place of its approximation.
    """
    labels, first, second = class_numbers(MANY_CLASSES, labels=labels, first=first, second=second)
    right, other = first == labels, second == labels
    ours, theirs = int((right & ~other).sum()), int((other & ~right).sum())
    count, fewer = ours + theirs, min(ours, theirs)
    ways, term = 0, 1  # Σ over k ≤ fewer of (count choose k): whole numbers, so exact
    for k in range(fewer + 1):
        ways += term
        term = term * (count - k) // (k + 1)
    return Comparison(ours, theirs, min(1.0, 2 * ways / 2**count))
