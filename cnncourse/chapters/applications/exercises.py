"""Exercises of the chapter on applications: their checks; the solutions are the chapter's files."""

import numpy as np

from .own_suppression import check_suppression, suppression

__all__ = [
    "check_average_precision",
    "check_iou",
    "check_mean_iou",
    "check_shifted",
    "check_suppression",
    "mean_iou",
    "suppression",
]

SHIFTED = 0.6  # the IoU of two equal boxes, one moved by a quarter of its width

# two boxes each: they cross, one lies in the other, apart on a diagonal, apart in a row, the same
PAIRS = np.array(
    [
        [(0, 0, 10, 10), (4, 5, 14, 11)],
        [(0, 0, 10, 10), (2, 3, 6, 8)],
        [(0, 0, 4, 4), (6, 7, 10, 13)],
        [(0, 0, 4, 4), (1, 9, 5, 12)],
        [(3, 3, 9, 7), (3, 3, 9, 7)],
    ],
    float,
)


def check_shifted(value):
    """Say whether ``value`` is the IoU of two equal boxes, one a quarter of its width further on.

    Prints one line; None counts as not answered yet.

    >>> check_shifted(0.75)
    not yet: they share ¾ of a box, but together they cover more than one box
    """
    wrong = {
        0.75: "they share ¾ of a box, but together they cover more than one box",
        0.25: "that is how far it was moved; how much do they share?",
        0.375: "they share ¾ of a box; together they cover less than two, as the ¾ count once",
        0.5625: "it was moved in one direction only: they share ¾ of a box",
    }
    if value is None:
        print("not answered yet")
    elif abs(value - SHIFTED) < 0.005:
        print("right: ¾ of a box is shared, and together they cover 1¼; many would call that good")
    else:
        near = [text for number, text in wrong.items() if abs(value - number) < 0.005]
        print("not yet: " + (near[0] if near else "the part they share, over the part they cover"))


def check_iou(function):
    """Say whether ``function(a, b)`` is the intersection over union of two boxes.

    ``a``, ``b``: (4,) each, top, left, bottom and right, the ends excluded. Prints one line; a
    function that returns None counts as not written yet.

    >>> from cnncourse.chapters.applications import iou
    >>> check_iou(lambda a, b: None)
    not answered yet
    >>> check_iou(lambda a, b: iou(a, [b])[0])
    right: what two boxes share, over what they cover together
    """
    if function(*PAIRS[0].copy()) is None:
        print("not answered yet")
        return
    given = np.array([function(a.copy(), b.copy()) for a, b in PAIRS], float)
    if given.shape != (len(PAIRS),):
        print(f"not yet: one number for two boxes is wanted, got shape {given.shape[1:]}")
        return
    shared, first, second = _areas(PAIRS)
    unclipped = (_sides(PAIRS)).prod(axis=1)
    one_more = _areas(PAIRS, more=1)
    known = {
        "right: what two boxes share, over what they cover together": shared
        / (first + second - shared),
        "not yet: two boxes that lie apart on a diagonal have two negative sides, whose product is "
        "positive: no side may be below 0": unclipped / (first + second - unclipped),
        "not yet: that is over the smaller box: a tiny box inside a large one would be perfect. "
        "Divide by what both cover together": shared / np.minimum(first, second),
        "not yet: over the first box: with the boxes exchanged it would be another number. Divide "
        "by what both cover together": shared / first,
        "not yet: what they share is in both areas, and so is counted twice in their sum": shared
        / (first + second),
        "not yet: that is Dice's measure, 2 · shared / (sum of areas), another one": 2
        * shared
        / (first + second),
        "not yet: the ends are excluded, so a side is bottom − top, without + 1": one_more[0]
        / (one_more[1] + one_more[2] - one_more[0]),
        "not yet: that is the area they share; divide it by what both cover together": shared,
    }
    for words, values in known.items():
        if np.allclose(given, values):
            print(words)
            return
    k = int(np.argmax(~np.isclose(given, shared / (first + second - shared))))
    a, b = (tuple(map(int, box)) for box in PAIRS[k])
    print(f"not yet: for {a} and {b} {shared[k] / (first + second - shared)[k]:.3f} is right, "
          f"got {given[k]:.3f}")  # fmt: skip


def _sides(pairs, more=0):
    """The sides of what two boxes share (N, 2), below 0 where they do not meet."""
    a, b = pairs[:, 0], pairs[:, 1]
    return np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]) + more


def _areas(pairs, more=0):
    """The area that two boxes share, and the area of each; ``more`` is added to each side."""
    shared = np.maximum(_sides(pairs, more), 0).prod(axis=1)
    return shared, *(
        (pairs[:, k, 2:] - pairs[:, k, :2] + more).prod(axis=1) for k in range(2)
    )  # fmt: skip


FLAGS = np.array([True, False, True, True, False, False, True, False])
OBJECTS = 6


def check_average_precision(function):
    """Say whether ``function(correct, objects)`` is the average precision.

    ``correct``: flags (N,), the most confident first; ``objects``: how many there are to find.
    Prints one line; a function that returns None counts as not written yet.

    >>> from cnncourse.chapters.applications import average_precision
    >>> check_average_precision(lambda correct, objects: correct.mean())
    not yet: that is the precision of all detections together, at one point of the curve
    >>> check_average_precision(average_precision)
    right: the area below the curve of precision over recall
    """
    result = function(FLAGS.copy(), OBJECTS)
    if result is None:
        print("not answered yet")
        return
    right = np.cumsum(FLAGS)
    precision = right / np.arange(1, len(FLAGS) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    known = {
        "right: the area below the curve of precision over recall": best[FLAGS].sum() / OBJECTS,
        "not yet: divide by the number of objects: those that were never found count, too": best[
            FLAGS
        ].mean(),
        "not yet: nearly: a precision that is lower than a later one counts as that later one": (
            precision[FLAGS].sum() / OBJECTS
        ),
        "not yet: divide by the number of objects, and a precision that is lower than a later one "
        "counts as that later one": precision[FLAGS].mean(),
        "not yet: that is the precision of all detections together, at one point of the curve": (
            FLAGS.mean()
        ),
        "not yet: that is the recall of all detections together": FLAGS.sum() / OBJECTS,
        "not yet: the mean of all precisions; only where a detection is correct does recall grow": (
            precision.mean()
        ),
        "not yet: a wrong detection finds nothing: add the precision up where one is correct": (
            best.mean()
        ),
    }
    for words, value in known.items():
        if np.allclose(result, value):
            print(words)
            return
    print("not yet: add up the best precision from here on, for each detection that is correct, "
          "and divide by the number of objects")  # fmt: skip


def check_mean_iou(function):
    """Say whether ``function(true, predicted, classes)`` is the mean IoU of masks.

    ``true``, ``predicted``: (N, height, width), class numbers below ``classes``. Prints one line; a
    function that returns None counts as not written yet.

    >>> check_mean_iou(lambda true, predicted, classes: (true == predicted).mean())
    not yet: that is the share of correct pixels, and most pixels are background
    >>> check_mean_iou(mean_iou)
    right: each class counts alike, however few its pixels
    """
    rng = np.random.default_rng(0)
    true = rng.choice(3, (2, 8, 8), p=(0.7, 0.2, 0.1))
    predicted = np.where(rng.random(true.shape) < 0.8, true, rng.integers(0, 3, true.shape))
    result = function(true.copy(), predicted.copy(), 3)
    if result is None:
        print("not answered yet")
        return
    both, real, said = (
        np.array([count(k) for k in range(3)], float)
        for count in (
            lambda k: ((true == k) & (predicted == k)).sum(),
            lambda k: (true == k).sum(),
            lambda k: (predicted == k).sum(),
        )
    )
    each = both / (real + said - both)
    known = {
        "right: each class counts alike, however few its pixels": each.mean(),
        "not yet: that is the share of correct pixels, and most pixels are background": (
            both.sum() / real.sum()
        ),
        "not yet: the mean of the classes' recalls: pixels wrongly given to a class cost nothing": (
            (both / real).mean()
        ),
        "not yet: the mean of the classes' precisions: pixels of a class that are missed cost "
        "nothing": (both / said).mean(),
        "not yet: that is Dice's measure; what both share counts once in the union": (
            (2 * both / (real + said)).mean()
        ),
        "not yet: what both share is counted twice in the sum of the two areas": (
            (both / (real + said)).mean()
        ),
        "not yet: the classes' sums, divided: the background decides. First each class, then the "
        "mean": both.sum() / (real + said - both).sum(),
        "not yet: the background is a class, too": each[1:].mean(),
        "not yet: that is an IoU for each class; take their mean": each,
    }
    for words, value in known.items():
        if np.shape(result) == np.shape(value) and np.allclose(result, value):
            print(words)
            return
    print(
        "not yet: for each class, pixels that both masks give it, over pixels that either gives it"
    )


def mean_iou(true, predicted, classes):
    """A solution; see also `masks.ious`, which counts all classes at once.

    >>> round(float(mean_iou(np.array([[0, 0], [1, 1]]), np.array([[0, 0], [0, 1]]), 2)), 3)
    0.583
    """
    each = []
    for number in range(classes):
        one, other = true == number, predicted == number
        each.append((one & other).sum() / (one | other).sum())
    return np.mean(each)
