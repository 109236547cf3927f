"""Average precision: how well found boxes agree with the true ones, at all confidences at once.

Found boxes of an image are rows of top, left, bottom, right, class and confidence; true ones end
with the class. Source: Everingham and others, *The PASCAL Visual Object Classes (VOC) Challenge*,
2010; thresholds of IoU from 0.5 to 0.95: Lin and others, *Microsoft COCO*, 2014.
"""

import numpy as np

from .boxes import iou

THRESHOLDS = np.arange(10, 20) / 20  # of IoU: 0.5, 0.55, … 0.95


def average_precision(correct, objects):
    """The area below the curve of precision over recall, of one class.

    ``correct``: whether each detection is correct, the most confident first; ``objects``: how many
    there are to find. *Recall* is the share of the objects found so far, *precision* the share of
    the detections so far that are correct. A precision that is lower than a later one, at a higher
    recall, counts as that later one. NaN where there is no object.

    >>> float(average_precision([True, False, True], objects=2).round(3))
    0.833
    >>> float(average_precision([True], objects=2))
    0.5
    """
    if objects == 0:
        return np.nan
    _, precision = recall_and_precision(correct, objects)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    return best_from_here[np.asarray(correct, bool)].sum() / objects


def recall_and_precision(correct, objects):
    """Recall and precision of the first, the first two, … of the detections: two arrays.

    ``correct``, ``objects``: as for `average_precision`.

    >>> recall_and_precision([True, False], objects=2)
    (array([0.5, 0.5]), array([1. , 0.5]))
    """
    right = np.cumsum(np.asarray(correct, float))
    return right / objects, right / np.arange(1, len(right) + 1)


def correct(found, true, number, threshold=0.5):
    """Whether each detection of the class ``number``, in all images, is correct.

    ``found``, ``true``: the boxes of each image, (n, 6) and (n, 5). The most confident comes
    first. It is correct if its IoU with some object of its class is ``threshold`` at least, and
    that object has not been found before: to find it again is wrong.

    Gives flags (detections,), and the number of objects of that class.

    >>> twice = np.array([[0, 0, 9, 9, 1, 0.8], [0, 0, 10, 10, 1, 0.9]])
    >>> correct([twice], [np.array([[0, 0, 10, 10, 1]])], number=1)
    (array([ True, False]), 1)
    """
    left = [boxes[boxes[:, 4] == number, :4] for boxes in true]  # not found yet
    objects = sum(map(len, left))
    rows = [
        (row[5], image, row[:4])
        for image, boxes in enumerate(found)
        for row in boxes[boxes[:, 4] == number]
    ]
    flags = []
    for _, image, box in sorted(rows, key=lambda row: -row[0]):
        overlaps = iou(box, left[image])
        hit = len(overlaps) > 0 and overlaps.max() >= threshold
        if hit:
            left[image] = np.delete(left[image], overlaps.argmax(), axis=0)
        flags.append(hit)
    return np.array(flags, bool), objects


def mean_average_precision(found, true, classes, thresholds=(0.5,)):
    """The mean of `average_precision` over classes 1 to ``classes``, and over ``thresholds``.

    >>> box = np.array([[0, 0, 10, 10, 1]])
    >>> found = np.array([[0, 0, 10, 8, 1, 0.9]])
    >>> float(mean_average_precision([found], [box], 1, THRESHOLDS).round(2))
    0.7
    """
    return np.nanmean(
        [
            average_precision(*correct(found, true, number, threshold))
            for number in range(1, classes + 1)
            for threshold in thresholds
        ]
    )
