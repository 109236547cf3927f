"""Answers to the exercises on applications, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.applications import average_precision, exercises, iou


def parts(a, b):
    """Shared area, and the two boxes' own."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    return np.maximum(sides, 0).prod(), (a[2:] - a[:2]).prod(), (b[2:] - b[:2]).prod()


def over(denominator, factor=1):
    def function(a, b):
        shared, one, two = parts(a, b)
        return factor * shared / denominator(shared, one, two)

    return function


def unclipped(a, b):
    shared = (np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).prod()
    return shared / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared)


def clipped_late(a, b):
    shared = max((np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).prod(), 0)
    return shared / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared)


def ends_included(a, b):
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]) + 1
    shared = np.maximum(sides, 0).prod()
    return shared / ((a[2:] - a[:2] + 1).prod() + (b[2:] - b[:2] + 1).prod() - shared)


def so_far(correct):
    return np.cumsum(correct) / np.arange(1, len(correct) + 1)


def best_from_here(correct):
    return np.maximum.accumulate(so_far(correct)[::-1])[::-1]


def of_classes(measure):
    def function(true, predicted, classes):
        counts = [
            (
                ((true == k) & (predicted == k)).sum(),
                (true == k).sum(),
                (predicted == k).sum(),
            )
            for k in range(classes)
        ]
        return np.array([measure(*map(float, count)) for count in counts])

    return function


def mean_of(measure):
    return lambda *given: of_classes(measure)(*given).mean()


def ious(both, real, said):
    return both / (real + said - both)


def by_image(true, predicted, classes):
    each = [mean_of(ious)(one, other, classes) for one, other in zip(true, predicted, strict=True)]
    return np.mean(each)


def flags(boxes, *rest):
    return np.isin(range(len(boxes)), exercises.suppression(boxes, *rest))


ANSWERS = {
    exercises.check_shifted: [
        (0.6, "right: "),
        (np.float32(0.6), "right: "),
        (0.75, "more than one box"),
        (0.25, "how far"),
        (0.375, "count once"),
        (0.5625, "one direction"),
        (1.25, "cover together"),
        (60, "a percentage"),
        (0.1, "over the part they cover"),
    ],
    exercises.check_iou: [
        (lambda a, b: iou(a, b[None])[0], "right: "),
        (over(lambda shared, one, two: one + two - shared), "right: "),
        (unclipped, "no side may be below 0"),
        (clipped_late, "then multiply"),
        (over(lambda shared, one, two: min(one, two)), "over the smaller box"),
        (over(lambda shared, one, two: max(one, two)), "over the larger box"),
        (over(lambda shared, one, two: one), "over the first box"),
        (over(lambda shared, one, two: one + two), "counted twice"),
        (over(lambda shared, one, two: one + two, 2), "Dice"),
        (ends_included, "without + 1"),
        (over(lambda shared, one, two: 1), "the area they share"),
        (lambda a, b: 0.5, "0.5 is not right"),
        (lambda a, b: a, "the shape should be (), yours is (4,)"),
    ],
    exercises.check_suppression: [
        (flags, "right: "),
        (lambda *given: set(exercises.suppression(*given)), "right: "),
        (lambda boxes, *rest: range(len(boxes)), "nothing is suppressed"),
        (lambda *given: [0, 1], "the values are not"),
        (lambda *given: [1], "the shape should be (2,)"),
        (lambda *given: 3, "the shape should be (2,), yours is (1,)"),
    ],
    exercises.check_average_precision: [
        (average_precision, "right: "),
        (lambda c, n: best_from_here(c)[c].mean(), "never found count"),
        (lambda c, n: so_far(c)[c].sum() / n, "nearly"),
        (lambda c, n: np.maximum.accumulate(so_far(c))[c].sum() / n, "yours is the best so far"),
        (lambda c, n: best_from_here(c)[::-1][c].sum() / n, "turn them back"),
        (lambda c, n: so_far(c)[c].mean(), "and a precision that is lower"),
        (lambda c, n: c.mean(), "at one point of the curve"),
        (lambda c, n: c.sum() / n, "the recall"),
        (lambda c, n: so_far(c).mean(), "the mean of all precisions"),
        (lambda c, n: best_from_here(c).mean(), "finds nothing"),
        (lambda c, n: 0.123, "0.123 is not right"),
    ],
    exercises.check_mean_iou: [
        (mean_of(ious), "right: "),
        (lambda true, predicted, classes: (true == predicted).mean(), "share of correct pixels"),
        (mean_of(lambda both, real, said: both / real), "recalls"),
        (mean_of(lambda both, real, said: both / said), "precisions"),
        (mean_of(lambda both, real, said: 2 * both / (real + said)), "Dice"),
        (mean_of(lambda both, real, said: both / (real + said)), "counted twice"),
        (lambda *given: of_classes(ious)(*given)[1:].mean(), "the background is a class"),
        (by_image, "those of all images together"),
        (of_classes(ious), "take their mean"),
        (
            lambda t, p, c: (t == p).sum() / (2 * t.size - (t == p).sum()),
            "the background decides",
        ),
        (lambda *given: 0.5, "0.5 is not right"),
    ],
}
