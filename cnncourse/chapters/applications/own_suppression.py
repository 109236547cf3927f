"""The exercise on non-maximum suppression: a solution, the cases, and the mistakes it names."""

from functools import wraps

import numpy as np

from ...building import Piece
from ...support.cases import case_rng
from .boxes import iou, non_maximum_suppression


def suppression(boxes, scores, classes, threshold):
    """A solution: each class by itself.

    ``boxes``: (N, 4); ``scores``, ``classes``: (N,); ``threshold``: the IoU above which a box goes.
    Gives the indices of the boxes that stay.

    >>> suppression([(0, 0, 9, 9), (0, 0, 9, 8)], [0.8, 0.9], [1, 1], 0.5)
    [1]
    """
    boxes, scores, classes = map(np.asarray, (boxes, scores, classes))
    kept = []
    for number in np.unique(classes):
        own = np.flatnonzero(classes == number)
        best = non_maximum_suppression(boxes[own], scores[own], threshold)
        kept.extend(own[best].tolist())
    return kept


# The cases

_rng = case_rng(6)


def _drawn(count, classes=1, threshold=0.5):
    """So many boxes around three places; no two are equally confident."""
    place = np.array([(0, 0), (12, 4), (60, 50)])[_rng.integers(0, 3, count)]
    top_left = place + _rng.integers(0, 8, (count, 2))
    boxes = np.hstack([top_left, top_left + _rng.integers(12, 25, (count, 2))])
    scores = _rng.permutation(np.linspace(0.3, 0.99, count))
    return boxes.astype(float), scores, _rng.integers(1, classes + 1, count), threshold


# the middle one meets both others, which are only in touch through it
_CHAIN = np.array([(0, 5, 22, 25), (0, 0, 20, 20), (0, 8, 20, 28)], float)
STEPS = {
    "one class": [
        (_CHAIN, np.array([0.8, 0.9, 0.7]), np.array([1, 1, 1]), 0.5),
        *(_drawn(12), _drawn(20, threshold=0.3), _drawn(20, threshold=0.7)),
    ],
    "several classes": [_drawn(16, 3), _drawn(24, 2, threshold=0.4)],
    "no box at all": [(np.empty((0, 4)), np.empty(0), np.empty(0, int), 0.5)],
}


# The mistakes


def _overlaps(boxes):
    """The IoU of each box with each, (N, N)."""
    return np.array([iou(box, boxes) for box in boxes]).reshape(len(boxes), len(boxes))


def _gone_still_count(boxes, scores, classes, threshold):
    better = (scores[:, None] < scores) & (classes[:, None] == classes)  # [i, j]: j before i
    return np.flatnonzero(~(better & (_overlaps(boxes) > threshold)).any(axis=1))


def _wrong_way_round(boxes, scores, classes, threshold):
    kept = []
    for number in np.unique(classes):
        order = [k for k in np.argsort(-scores) if classes[k] == number]
        while order:
            best = order.pop(0)
            kept.append(best)
            order = [k for k in order if iou(boxes[best], boxes[[k]])[0] > threshold]
    return kept


def _best_only(boxes, scores, classes, threshold):
    return [k for k in range(len(boxes)) if scores[k] == scores[classes == classes[k]].max()]


def _areas(boxes):
    return (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)


MISTAKES = (
    (lambda boxes, *_: range(len(boxes)), "nothing is suppressed"),
    (
        lambda boxes, scores, classes, threshold: suppression(
            boxes, scores, np.ones(len(boxes)), threshold
        ),
        "a box of another class goes, though a cat may sit before a house: suppress within a class",
    ),
    (
        lambda boxes, scores, classes, threshold: suppression(
            boxes, _areas(boxes), classes, threshold
        ),
        "the order is that of the areas; the most confident comes first",
    ),
    (
        lambda boxes, scores, classes, threshold: suppression(
            boxes, -np.arange(len(boxes)), classes, threshold
        ),
        "the order is that in which the boxes came; the most confident comes first",
    ),
    (
        lambda boxes, scores, classes, threshold: suppression(boxes, -scores, classes, threshold),
        "the least confident comes first; the most confident should",
    ),
    (_gone_still_count, "a box that has gone must suppress no other"),
    (_best_only, "of each class only the best stays; those that it does not touch stay, too"),
    (_wrong_way_round, "those that overlap much stay, and those that overlap little go"),
    (
        lambda boxes, scores, classes, threshold: suppression(boxes, scores, classes, 0.5),
        "the threshold is an argument; yours is always 0.5",
    ),
)


def _as_indices(function):
    """``function``, whose boxes may come in any order, or as flags of those that stay."""

    @wraps(function)
    def sorted_indices(*arguments):
        result = function(*arguments)
        if result is None:
            return None
        found = np.asarray(list(result) if np.iterable(result) else [result])
        return np.sort(np.flatnonzero(found) if found.dtype == bool else found)

    return sorted_indices


SUPPRESSION = Piece(
    solution=_as_indices(suppression),
    steps=STEPS,
    outputs=("the indices of the boxes that stay",),
    mistakes=tuple((_as_indices(mistake), hint) for mistake, hint in MISTAKES),
    praise="the best stays, its neighbours of its class go, and so on with the rest",
)


def check_suppression(function):
    """Say whether ``function(boxes, scores, classes, threshold)`` is non-maximum suppression.

    ``boxes``: (N, 4); ``scores``: (N,); ``classes``: (N,), class numbers; ``threshold``: the IoU
    above which a box goes. It gives the indices of the boxes that stay, in any order. A function
    that returns None counts as not written yet.

    >>> check_suppression(lambda boxes, scores, classes, threshold: range(len(boxes)))
    not yet: at step 1 of 3, "one class": nothing is suppressed
    >>> check_suppression(suppression)
    right: the best stays, its neighbours of its class go, and so on with the rest
    """
    return SUPPRESSION.check(_as_indices(function) if callable(function) else function)
