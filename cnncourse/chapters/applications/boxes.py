"""Boxes: how well two of them agree, and which of many are one find.

A box is (top, left, bottom, right) in pixels, the ends excluded, as `datasets.canvases` gives them:
``image[top:bottom, left:right]`` is what lies in it.
"""

import numpy as np


def iou(box, others):
    """Intersection over union of one box with each of ``others``.

    ``box``: (4,); ``others``: (N, 4). Gives (N,): from 0, where they share nothing, to 1, where
    they are the same.

    >>> iou((0, 0, 2, 2), [(0, 0, 2, 2), (0, 1, 2, 3), (5, 5, 6, 6)]).round(3)
    array([1.   , 0.333, 0.   ])
    """
    box, others = np.asarray(box, float), np.asarray(others, float)
    first = np.maximum(box[:2], others[:, :2])  # top, left of what they share
    last = np.minimum(box[2:], others[:, 2:])  # bottom, right
    shared = np.maximum(last - first, 0).prod(axis=1)  # (N,); none has a side below 0
    return shared / (_area(box) + _area(others) - shared)


def _area(boxes):
    return (boxes[..., 2:] - boxes[..., :2]).prod(axis=-1)


def non_maximum_suppression(boxes, scores, threshold=0.5):
    """The boxes to keep, of many that may frame the same object: their indices, the best first.

    ``boxes``: (N, 4), of one class; ``scores``: (N,). The box with the highest score is kept, all
    those go that have an IoU above ``threshold`` with it, and so on with those that are left.

    >>> boxes = [(0, 0, 10, 10), (1, 0, 11, 10), (0, 20, 10, 30)]
    >>> non_maximum_suppression(boxes, [0.8, 0.9, 0.7])
    [1, 2]
    """
    boxes = np.asarray(boxes, float)
    order = np.argsort(-np.asarray(scores), kind="stable")
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(int(best))
        order = order[iou(boxes[best], boxes[order]) <= threshold]
    return kept
