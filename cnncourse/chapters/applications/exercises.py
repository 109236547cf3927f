"""Exercises of the chapter on applications: their checks, and solutions to read.

Non-maximum suppression has a file of its own: ``own_suppression.py``.
"""

import numpy as np

from ...building import Piece
from ...support.answers import number
from ...support.cases import case_rng
from ...support.exercise import Exercise, OpenQuestion
from .own_suppression import check_suppression, suppression

__all__ = [
    "EXERCISES",
    "area_below_the_curve",
    "check_average_precision",
    "check_iou",
    "check_mean_iou",
    "check_shifted",
    "check_suppression",
    "iou_of_two",
    "mean_iou",
    "shifted",
    "suppression",
]


def check_shifted(value):
    """Say whether ``value`` is the IoU of two equal boxes, one a quarter of its width further on.

    None counts as not answered yet.

    >>> check_shifted(0.75)
    not yet: they share ¾ of a box, but together they cover more than one box
    """
    mistakes = {
        0.75: "they share ¾ of a box, but together they cover more than one box",
        0.25: "that is how far it was moved; how much do they share?",
        0.375: "they share ¾ of a box; together they cover less than two, as the ¾ count once",
        0.5625: "it was moved in one direction only: they share ¾ of a box",
        1.25: "that is what they cover together; divide what they share by it",
        60: "that is a percentage; give a number from 0 to 1",
    }
    praise = "¾ of a box is shared, and together they cover 1¼; many would call that good"
    rule = "the part they share, over the part they cover"
    return number(value, shifted(), praise, mistakes, rule, within=0.005)


def shifted():
    """A solution: they share ¾, and cover 1 + ¼."""
    return (3 / 4) / (1 + 1 / 4)


def check_iou(function):
    """Say whether ``function(a, b)`` is the intersection over union of two boxes.

    ``a``, ``b``: (4,) each, top, left, bottom and right, the ends excluded. A function that returns
    None counts as not written yet.

    >>> check_iou(lambda a, b: None)
    not answered yet
    >>> check_iou(iou_of_two)
    right: what two boxes share, over what they cover together
    """
    return _IOU.check(function)


def iou_of_two(a, b):
    """A solution: it begins at the larger top and left, and ends at the smaller bottom and right.

    `app.iou` takes one box and many.

    >>> round(float(iou_of_two(np.array([0, 0, 2, 2]), np.array([0, 1, 2, 3]))), 3)
    0.333
    """
    first, last = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
    shared = np.maximum(last - first, 0).prod()  # no side is below 0
    return shared / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared)


# they cross, one lies in the other, apart on a diagonal, apart in a row, the same
_PAIRS = [
    [(0, 0, 10, 10), (4, 5, 14, 11)],
    [(2, 3, 6, 8), (0, 0, 10, 10)],
    [(0, 0, 4, 4), (6, 7, 10, 13)],
    [(0, 0, 4, 4), (1, 9, 5, 12)],
    [(3, 3, 9, 7), (3, 3, 9, 7)],
]


def _drawn_pairs(count):
    """So many pairs of boxes, (2, 4) each."""
    rng = case_rng(15)
    corners = rng.integers(0, 8, (count, 2, 2))
    return np.concatenate([corners, corners + rng.integers(4, 12, (count, 2, 2))], axis=2)


def _of_areas(rule, more=0, least=0):
    """A measure of two boxes: ``rule`` of the area that they share, and of the area of each.

    ``more`` is added to each side; ``least``: what a shared side is at least.
    """

    def function(a, b):
        sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]) + more
        areas = ((box[2:] - box[:2] + more).prod() for box in (a, b))
        return rule(np.maximum(sides, least).prod(), *areas)

    return function


def _over_union(shared, one, two):
    return shared / (one + two - shared)


_IOU = Piece(
    solution=iou_of_two,
    steps={"": [tuple(np.array(pair, float)) for pair in (*_PAIRS, *_drawn_pairs(4))]},
    outputs=("one number for two boxes",),
    mistakes=(
        (
            _of_areas(_over_union, least=-np.inf),
            "two boxes that lie apart on a diagonal have two negative sides, whose product is "
            "positive: no side may be below 0",
        ),
        (
            _of_areas(lambda shared, *areas: _over_union(max(shared, 0), *areas), least=-np.inf),
            "two negative sides have a positive product: cut off each side at 0, then multiply",
        ),
        (
            _of_areas(lambda shared, one, two: shared / min(one, two)),
            "that is over the smaller box: a tiny box inside a large one would be perfect. Divide "
            "by what both cover together",
        ),
        (
            _of_areas(lambda shared, one, two: shared / max(one, two)),
            "over the larger box; what both cover together is more, unless one lies in the other",
        ),
        (
            _of_areas(lambda shared, one, two: shared / one),
            "over the first box: with the boxes exchanged it would be another number. Divide by "
            "what both cover together",
        ),
        (
            _of_areas(lambda shared, one, two: shared / (one + two)),
            "what they share is in both areas, and so is counted twice in their sum",
        ),
        (
            _of_areas(lambda shared, one, two: 2 * shared / (one + two)),
            "that is Dice's measure, 2 · shared / (sum of areas), another one",
        ),
        (
            _of_areas(_over_union, more=1),
            "the ends are excluded, so a side is bottom − top, without + 1",
        ),
        (
            _of_areas(lambda shared, one, two: shared),
            "that is the area they share; divide it by what both cover together",
        ),
    ),
    praise="what two boxes share, over what they cover together",
)


def check_average_precision(function):
    """Say whether ``function(correct, objects)`` is the average precision.

    ``correct``: flags (N,), the most confident first; ``objects``: how many there are to find. A
    function that returns None counts as not written yet.

    >>> check_average_precision(lambda correct, objects: correct.mean())
    not yet: that is the precision of all detections together, at one point of the curve
    >>> check_average_precision(area_below_the_curve)
    right: the area below the curve of precision over recall
    """
    return _AVERAGE_PRECISION.check(function)


def area_below_the_curve(correct, objects):
    """A solution: the best precision from here on, at each detection that is correct.

    `app.average_precision` takes no object at all, too.

    >>> round(float(area_below_the_curve(np.array([True, False, True]), objects=2)), 3)
    0.833
    """
    precision = np.cumsum(correct) / np.arange(1, len(correct) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    return best_from_here[correct].sum() / objects


def _precision(correct):
    return np.cumsum(correct) / np.arange(1, len(correct) + 1)


def _best(correct):
    return np.maximum.accumulate(_precision(correct)[::-1])[::-1]


_AVERAGE_PRECISION = Piece(
    solution=area_below_the_curve,
    steps={
        "": [
            (np.array([True, False, True, True, False, False, True, False]), 6),
            (np.array([False, True, True, False, True]), 4),
            (case_rng(16).random(12) < 0.6, 12),
        ]
    },
    outputs=("one number",),
    mistakes=(
        (
            lambda correct, objects: _best(correct)[correct].mean(),
            "divide by the number of objects: those that were never found count, too",
        ),
        (
            lambda correct, objects: _precision(correct)[correct].sum() / objects,
            "nearly: a precision that is lower than a later one counts as that later one",
        ),
        (
            lambda correct, objects: (
                np.maximum.accumulate(_precision(correct))[correct].sum() / objects
            ),
            "the best precision from there on is wanted; yours is the best so far",
        ),
        (
            lambda correct, objects: _best(correct)[::-1][correct].sum() / objects,
            "accumulated from the end, the precisions are still turned round: turn them back",
        ),
        (
            lambda correct, objects: _precision(correct)[correct].mean(),
            "divide by the number of objects, and a precision that is lower than a later one "
            "counts as that later one",
        ),
        (
            lambda correct, objects: correct.mean(),
            "that is the precision of all detections together, at one point of the curve",
        ),
        (
            lambda correct, objects: correct.sum() / objects,
            "that is the recall of all detections together",
        ),
        (
            lambda correct, objects: _precision(correct).mean(),
            "the mean of all precisions; only where a detection is correct does recall grow",
        ),
        (
            lambda correct, objects: _best(correct).mean(),
            "a wrong detection finds nothing: add the precision up where one is correct",
        ),
        (
            lambda correct, objects: _best(correct).sum() / objects,
            "a wrong detection finds nothing: add the precision up where one is correct",
        ),
    ),
    praise="the area below the curve of precision over recall",
)


def check_mean_iou(function):
    """Say whether ``function(true, predicted, classes)`` is the mean IoU of masks.

    ``true``, ``predicted``: (N, height, width), class numbers below ``classes``. A function that
    returns None counts as not written yet.

    >>> check_mean_iou(lambda true, predicted, classes: (true == predicted).mean())
    not yet: that is the share of correct pixels, and most pixels are background
    >>> check_mean_iou(mean_iou)
    right: each class counts alike, however few its pixels
    """
    return _MEAN_IOU.check(function)


def mean_iou(true, predicted, classes):
    """A solution: each class by itself. `masks.ious` counts all classes at once.

    >>> round(float(mean_iou(np.array([[0, 0], [1, 1]]), np.array([[0, 0], [0, 1]]), 2)), 3)
    0.583
    """
    each = []
    for k in range(classes):
        one, other = true == k, predicted == k
        each.append((one & other).sum() / (one | other).sum())
    return np.mean(each)


def _masks(seed, classes):
    """True masks, mostly background, and predictions of which four of five pixels are correct."""
    rng = case_rng(seed)
    shares = np.array([6.0, *np.arange(1, classes)])
    true = rng.choice(classes, (2, 8, 8), p=shares / shares.sum())
    others = rng.integers(0, classes, true.shape)
    return true, np.where(rng.random(true.shape) < 0.8, true, others), classes


def _of_counts(rule):
    """``rule`` of each class's pixels: those of both masks, the true and the predicted ones."""

    def function(true, predicted, classes):
        numbers = np.arange(classes)[:, None, None, None]
        one, other = true == numbers, predicted == numbers  # (classes, N, height, width)
        return rule(*(each.sum(axis=(1, 2, 3)) for each in (one & other, one, other)))

    return function


_MEAN_IOU = Piece(
    solution=mean_iou,
    steps={"": [_masks(0, 3), _masks(1, 4)]},
    outputs=("one number",),
    mistakes=(
        (
            _of_counts(lambda both, real, said: both.sum() / real.sum()),
            "that is the share of correct pixels, and most pixels are background",
        ),
        (
            _of_counts(lambda both, real, said: (both / real).mean()),
            "the mean of the classes' recalls: pixels wrongly given to a class cost nothing",
        ),
        (
            _of_counts(lambda both, real, said: (both / said).mean()),
            "the mean of the classes' precisions: pixels of a class that are missed cost nothing",
        ),
        (
            _of_counts(lambda both, real, said: (2 * both / (real + said)).mean()),
            "that is Dice's measure; what both share counts once in the union",
        ),
        (
            _of_counts(lambda both, real, said: (both / (real + said)).mean()),
            "what both share is counted twice in the sum of the two areas",
        ),
        (
            _of_counts(lambda both, real, said: both.sum() / (real + said - both).sum()),
            "the classes' sums, divided: the background decides. First each class, then the mean",
        ),
        (
            _of_counts(lambda both, real, said: (both / (real + said - both))[1:].mean()),
            "the background is a class, too",
        ),
        (
            lambda true, predicted, classes: np.mean(
                [mean_iou(*pair, classes) for pair in zip(true, predicted, strict=True)]
            ),
            "a mean over images, too: a class's pixels are those of all images together",
        ),
        (
            _of_counts(lambda both, real, said: both / (real + said - both)),
            "that is an IoU for each class; take their mean",
        ),
    ),
    praise="each class counts alike, however few its pixels",
)

FALSE_ALARMS = (
    "Draw canvases with all 16 pictures, keep the boxes of the first eight in the labels, and "
    "train on them together with the others. The other eight are background from then on. For a "
    "seventeenth drawing nothing is gained: it knows now what it was shown, and no more."
)

EXERCISES = (
    Exercise(1, "A box beside its object", check_shifted, shifted),
    Exercise(2, "The IoU of two boxes", check_iou, iou_of_two),
    Exercise(3, "Non-maximum suppression", check_suppression, suppression),
    Exercise(4, "Average precision", check_average_precision, area_below_the_curve),
    Exercise(5, "The mean IoU of masks", check_mean_iou, mean_iou),
    OpenQuestion(6, "False alarms", FALSE_ALARMS),
)
