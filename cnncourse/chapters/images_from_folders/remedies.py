"""Two remedies, with and without, from ten seeds: computed once, and kept for the chapter.

    python -m cnncourse.chapters.images_from_folders.remedies

trains 40 networks in some minutes and prints ``BY_SEED`` anew.
"""

from pathlib import Path

import numpy as np

from ... import Sequential, layers, optimizers
from ...augmentation import Augmentation
from ...datasets import image_folder

PHOTOS = Path(__file__).parents[3] / "data" / "photos"
SIDE, EPOCHS, LAST = 48, 15, 5
VARY = Augmentation(flip=True, shift=4, rotate=15, zoom=0.3, brightness=0.5)

# validation accuracy in %, mean of the last five epochs, of the seeds 0 to 9
BY_SEED = {
    "flat": [96.8, 86.2, 78.8, 92.4, 82.2, 88.6, 99.0, 74.0, 88.4, 97.4],
    "flat, augmented": [87.0, 91.2, 92.6, 95.6, 88.6, 91.4, 91.2, 80.6, 86.4, 97.0],
    "pooled": [90.2, 91.8, 89.8, 96.8, 90.6, 88.6, 93.2, 78.0, 92.6, 94.2],
    "pooled, augmented": [91.6, 90.0, 81.2, 95.4, 90.4, 86.0, 95.4, 89.0, 93.2, 92.4],
}


def network(side, seed, *classifier):
    """Three convolutions with pooling, ``classifier``, and a sigmoid, compiled.

    ``side``: pixels along a side of the images, in colour; ``classifier``: layers.

    >>> network(48, 0, layers.GlobalAveragePooling2D()).count_params()
    14369
    """
    model = Sequential(input_shape=(side, side, 3), seed=seed)
    for filters in (16, 32, 32):
        model.add(layers.Conv2D(filters, 3, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    for layer in (*classifier, layers.Dense(1, activation="sigmoid")):
        model.add(layer)
    model.compile(optimizers.Adam(0.003), "binary_crossentropy")
    return model


def flat(side, seed):
    """The network whose dense layer sees all positions of the maps."""
    return network(side, seed, layers.Flatten(), layers.Dense(64, activation="relu"))


def pooled(side, seed):
    """The network that keeps the mean of each map."""
    return network(side, seed, layers.GlobalAveragePooling2D())


KINDS = {
    "flat": (flat, None),
    "flat, augmented": (flat, VARY),
    "pooled": (pooled, None),
    "pooled, augmented": (pooled, VARY),
}


def accuracy(kind, seed, epochs=EPOCHS):
    """Validation accuracy in %, the mean of the last five epochs of one training."""
    build, augment = KINDS[kind]
    train = image_folder(PHOTOS / "train", (SIDE, SIDE), seed=seed, augment=augment)
    validation = image_folder(PHOTOS / "validation", (SIDE, SIDE))
    model = build(SIDE, seed)
    history = model.fit(train, epochs=epochs, validation_data=validation, verbose=0)
    return 100 * float(np.mean(history["val_accuracy"][-LAST:]))


if __name__ == "__main__":
    for kind in KINDS:
        print(
            f'    "{kind}": {[round(accuracy(kind, seed), 1) for seed in range(10)]},', flush=True
        )
