"""The chapter's networks, trained for longer than a reader should wait, and kept.

    python -m cnncourse.chapters.applications.stored

trains them anew in some minutes, writes ``detector.npz`` and ``segmenter.npz`` beside this file,
and prints what they are worth on held-out canvases.
"""

from pathlib import Path

import numpy as np

from ...datasets import canvases
from ...optimizers import Adam
from ...schedules import CosineDecay
from . import detector, segmenter
from .masks import ious
from .precision import THRESHOLDS, mean_average_precision

FOLDER = Path(__file__).parent
CLASSES = 8
LONG = {"count": 2000, "epochs": 8}
BATCH, RATE = 16, 0.003


def held_out():
    """500 canvases, whose backgrounds share no pixel with those that the networks learn from."""
    return canvases(500, part="test", seed=0)


def train(model, loss, images, labels, epochs, verbose=0):
    """Train a network on ``images``, with a learning rate that falls to nothing; its history."""
    steps = epochs * -(-len(images) // BATCH)
    model.compile(Adam(CosineDecay(RATE, decay_steps=steps)), loss)
    return model.fit(images, labels, batch_size=BATCH, epochs=epochs, verbose=verbose)


def trained_detector(count, epochs, seed=0, verbose=0):
    """A detector, trained on ``count`` canvases."""
    known = canvases(count, seed=seed)
    model = detector.network(CLASSES, seed)
    labels = detector.targets(known.boxes)
    train(model, detector.DetectionLoss(), known.images, labels, epochs, verbose)
    return model


def trained_segmenter(count, epochs, skips=True, seed=0, verbose=0):
    """A segmenter, trained on ``count`` canvases."""
    known = canvases(count, seed=seed)
    model = segmenter.network(CLASSES, skips, seed)
    train(model, "softmax_cross_entropy", known.images, known.masks, epochs, verbose)
    return model


def keep(model, name):
    """Write a network's weights in 16 bits each, which is as exact as they need be."""
    np.savez_compressed(FOLDER / f"{name}.npz", *map(np.float16, model.get_weights()))


def kept(name):
    """The network ``"detector"`` or ``"segmenter"``, with the weights that were kept.

    >>> kept("detector").output_shape
    (16, 16, 13)
    """
    model = {"detector": detector, "segmenter": segmenter}[name].network(CLASSES)
    with np.load(FOLDER / f"{name}.npz") as file:
        model.set_weights([np.float32(file[key]) for key in file.files])
    return model


def worth_of_detector(model, canvases):
    """mAP at an IoU of 0.5, and the mean of those from 0.5 to 0.95."""
    found = detector.detect(model, canvases.images)
    return [
        mean_average_precision(found, canvases.boxes, CLASSES, thresholds)
        for thresholds in ((0.5,), THRESHOLDS)
    ]


def worth_of_segmenter(model, canvases):
    """The mean IoU of background and classes."""
    predicted = model.predict(canvases.images).argmax(axis=-1)  # (N, height, width)
    return np.nanmean(ious(canvases.masks, predicted, 1 + CLASSES))


def main():
    new = held_out()
    keep(trained_detector(**LONG, verbose=2), "detector")
    print("mAP@0.5, mAP@[.5:.95]:", worth_of_detector(kept("detector"), new))
    keep(trained_segmenter(**LONG, verbose=2), "segmenter")
    print("mean IoU:", worth_of_segmenter(kept("segmenter"), new))


if __name__ == "__main__":
    main()
