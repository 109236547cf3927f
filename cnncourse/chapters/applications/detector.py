"""A detector with centre points: for each position of a map a class, and the sides of a box.

It follows Tian and others, *FCOS: Fully Convolutional One-Stage Object Detection*, 2019, in small:
positions near an object's middle are to say its class, and how far its four sides are away.
"""

import numpy as np

from ... import Sequential, layers
from ...losses import Loss
from .blocks import conv
from .boxes import non_maximum_suppression

STRIDE = 4  # pixels from one position to the next: two poolings
SIDES = 4  # top, left, bottom, right
MIDDLE = 0.25  # of a box's height and width: how far from its centre a position may lie
AWAY = np.array([-1, -1, 1, 1])  # the direction of each side, seen from inside


def network(classes=8, seed=0):
    """The detector for images of any size, not yet trained.

    Gives (images, height / 4, width / 4, classes + 5): logits of the background and of the
    classes, and the distances of a box's top, left, bottom and right, in `STRIDE` pixels.

    >>> network().output_shape
    (16, 16, 13)
    """
    pooling = layers.MaxPooling2D
    chain = [*conv(16), pooling(2), *conv(32), pooling(2), *conv(48), *conv(48), *conv(48)]
    last = layers.Conv2D(1 + classes + SIDES, 1)
    return Sequential([*chain, last], input_shape=(64, 64, 3), seed=seed)


def centres(rows, columns):
    """The middle of each position's square in the image, in pixels: (rows, columns, 2).

    >>> centres(1, 2)
    array([[[2., 2.],
            [2., 6.]]])
    """
    return (np.stack(np.indices((rows, columns)), axis=-1) + 0.5) * STRIDE


def targets(boxes, size=(64, 64)):
    """What the detector is to say: each position's class, and the distances of its box's sides.

    ``boxes``: of each image, (n, 5), as `datasets.canvases` gives them; ``size``: the images'
    height and width. Gives (images, height / 4, width / 4, 5) float32. A position belongs to a box
    if it lies within the middle half of its height and width, or if it is the nearest to its
    centre; all others are background, class 0.

    >>> targets([np.array([[0, 0, 8, 16, 3]])], size=(8, 16))[0, :, 1]
    array([[3. , 0.5, 1.5, 1.5, 2.5],
           [3. , 1.5, 1.5, 0.5, 2.5]], dtype=float32)
    """
    points = centres(size[0] // STRIDE, size[1] // STRIDE)  # (I, J, 2)
    out = np.zeros((len(boxes), *points.shape[:2], 1 + SIDES), np.float32)
    for target, of_image in zip(out, boxes, strict=True):
        for *box, number in of_image:
            box = np.array(box)
            middle, sides = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
            away = abs(points - middle)  # (I, J, 2)
            inside = (away <= MIDDLE * sides).all(axis=-1)  # (I, J)
            distance = away.sum(axis=-1)
            inside |= distance == distance.min()
            target[inside, 0] = number
            target[inside, 1:] = (box - np.tile(points[inside], 2)) * AWAY / STRIDE
    return out


class DetectionLoss(Loss):
    """Cross-entropy of each position's class, and how far a box's sides are off where there is one.

    Both are summed over an image's positions and divided by the number of those that belong to an
    object, so that an image with many objects counts no more than one with few. Labels are what
    `targets` gives. There is no accuracy.

    >>> outputs = np.zeros((1, 1, 1, 7))  # background, two classes, four sides
    >>> labels = [[[[1, 2, 2, 2, 2]]]]
    >>> round(DetectionLoss()(outputs, labels), 3)  # log 3, and four sides that are 2 off
    9.099
    """

    def targets(self, labels, shape):
        labels = np.asarray(labels, np.float32)
        if labels.shape != (*shape[:3], 1 + SIDES):
            raise ValueError(f"labels: expected {(*shape[:3], 1 + SIDES)}, got {labels.shape}")
        return labels

    def losses_and_gradient(self, outputs, targets, backend):
        outputs = backend.to_numpy(outputs)  # (N, I, J, 1 + K + 4)
        logits, sides = outputs[..., :-SIDES], outputs[..., -SIDES:]
        classes = targets[..., 0].astype(int)  # (N, I, J)
        object_there = classes[..., None] > 0  # (N, I, J, 1)
        count = np.maximum(object_there.sum(axis=(1, 2, 3), keepdims=True), 1)  # (N, 1, 1, 1)
        probabilities = softmax(logits)
        one_hot = np.eye(logits.shape[-1], dtype=outputs.dtype)[classes]
        off = (sides - targets[..., 1:]) * object_there
        surprise = -np.log(np.maximum((probabilities * one_hot).sum(axis=-1), 1e-30))  # (N, I, J)
        each = surprise + abs(off).sum(axis=-1)
        losses = (each[..., None] / count).sum(axis=(1, 2, 3))  # (N,)
        gradient = np.concatenate([probabilities - one_hot, np.sign(off)], axis=-1)
        gradient = (gradient / (count * len(outputs))).astype(outputs.dtype)
        return losses, backend.asarray(gradient)


def softmax(logits):
    """Probabilities over the last axis.

    >>> softmax(np.zeros((1, 4)))
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def heat(outputs):
    """Each position's probabilities of background and classes: (images, rows, columns, 1 + K)."""
    return softmax(outputs[..., :-SIDES])


def candidates(outputs, least=0.05):
    """All boxes that the detector's ``outputs`` propose, before any is suppressed.

    ``outputs``: (images, rows, columns, 1 + K + 4); ``least``: the probability from which on a
    position proposes a box of a class. Gives for each image (n, 6): top, left, bottom, right,
    class, confidence; the most confident first.

    >>> outputs = np.array([[[[0, 9.0, 0, 1, 1, 1, 1]]]])  # the first of two classes; 1 = 4 pixels
    >>> candidates(outputs)[0].round(1)
    array([[-2., -2.,  6.,  6.,  1.,  1.]])
    """
    points = np.tile(centres(*outputs.shape[1:3]), 2)  # (I, J, 4)
    found = []
    for confidence, sides in zip(heat(outputs), outputs[..., -SIDES:], strict=True):
        boxes = points + sides * AWAY * STRIDE  # (I, J, 4)
        rows, columns, numbers = np.nonzero(confidence[..., 1:] >= least)
        scores = confidence[rows, columns, numbers + 1]
        all_of_image = np.column_stack([boxes[rows, columns], numbers + 1, scores])
        found.append(all_of_image[np.argsort(-scores, kind="stable")])
    return found


def suppress(found, threshold=0.5):
    """Of each image's boxes (n, 6), those that non-maximum suppression keeps, class by class.

    >>> suppress([np.array([[0, 0, 9, 9, 1, 0.9], [0, 0, 9, 9, 1, 0.8], [0, 0, 9, 9, 2, 0.7]])])
    [array([[0. , 0. , 9. , 9. , 1. , 0.9],
           [0. , 0. , 9. , 9. , 2. , 0.7]])]
    """
    kept = []
    for boxes in found:
        rows = []
        for number in np.unique(boxes[:, 4]):
            own = boxes[boxes[:, 4] == number]
            rows.append(own[non_maximum_suppression(own[:, :4], own[:, 5], threshold)])
        rows = np.concatenate(rows) if rows else boxes
        kept.append(rows[np.argsort(-rows[:, 5], kind="stable")])
    return kept


def detect(model, images, least=0.05, threshold=0.5):
    """What the detector finds on each of ``images``: boxes (n, 6), the most confident first."""
    return suppress(candidates(model.predict(images), least), threshold)
