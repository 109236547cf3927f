"""The documents' labs: what each trains and reports, and the better recipes for the same networks.

What a chapter trains, this trains: the documents' recipes on what the documents trained on, the
better ones on the chapters' training images, of which 5,000 are held out. How recipes are chosen
by such images: search.py. No chapter trains the better recipes of the tutorial's and of ReNom's
network, nor the long ones, which take all training images and the epochs that a chapter has no
time for.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from cnncourse.augmentation import random_flip, random_shift


@dataclass(frozen=True)
class Recipe:
    """How a network is trained, and on what."""

    words: str
    split: Callable  # from a data set to pairs: to learn from, to judge by, perhaps held out
    optimizer: str
    learning_rate: float
    batch: int
    epochs: int
    steps: int | None = None  # an epoch; what all images make, if left out
    initializers: dict = field(default_factory=dict)  # where not the document's own
    decay: bool = False  # of the learning rate, to 0: cosine annealing
    shift: int = 0  # pixels, at most, in each epoch anew
    flip: bool = False
    twice: bool = False  # judged by the mean prediction for an image and its mirror image
    validated: bool = False  # after each epoch, within its time
    after: str | None = None  # the recipe, of the same lab, whose network is trained on

    def augment(self, images, rng):
        """The images of a batch, shifted and mirrored at random as the recipe has it."""
        if self.shift:
            images = random_shift(images, self.shift, rng)
        return random_flip(images, rng) if self.flip else images

    @property
    def augments(self):
        return bool(self.shift or self.flip)


@dataclass(frozen=True)
class Lab:
    """A document's lab: what it reports, and the recipes for its network."""

    document: str
    data: str
    reports: tuple  # of "accuracy" and "loss": what the document gives
    figure: str  # what it reports, in words
    seconds: float | None  # that an epoch took it
    recipes: dict


def whole(data):
    """All training images, and the test images."""
    return (data.train.images, data.train.labels), (data.test.images, data.test.labels)


def as_in_the_chapter(data):
    """What is left when the chapters' validation images are held out; these come last."""
    data = data.split(len(data.train) // 12, seed=0)  # 5,000 of 60,000
    return *whole(data), (data.validation.images, data.validation.labels)


def as_stored(data):
    """All images as they lie in MNIST's files, raw pixels, cut at 80 %."""
    return _cut((data.train.images, data.train.labels), (data.test.images, data.test.labels))


def by_label(data):
    """The same cut where ReNom's lab made it: its source had sorted both parts by label."""
    orders = [np.argsort(part.labels, kind="stable") for part in (data.train, data.test)]
    parts = zip((data.train, data.test), orders, strict=True)
    return _cut(*[(part.images[order], part.labels[order]) for part, order in parts])


def _cut(*parts):
    images, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    images, place = 255 * images, int(0.8 * len(images))
    return (images[:place], labels[:place]), (images[place:], labels[place:])


def better(epochs, learning_rate, words="", **changes):
    """Adam with cosine annealing, and images that are shifted anew in each epoch."""
    settings = {"split": as_in_the_chapter, "batch": 100, "decay": True, "shift": 2} | changes
    said = f"Adam {learning_rate:g} with cosine annealing, batch {settings['batch']}, "
    said += f"{epochs} epochs, shifts of ±{settings['shift']} pixels{words}"
    return Recipe(said, optimizer="Adam", learning_rate=learning_rate, epochs=epochs, **settings)


HE = {"kernel_initializer": "he_normal"}

LABS = {
    "tutorial": Lab(
        "CNN – Tutorial with Keras",
        "mnist",
        ("accuracy", "loss"),
        "98.06 %, loss 0.0691",
        31,
        {
            "document": Recipe("SGD 0.01, batch 100, 10 epochs", whole, "SGD", 0.01, 100, 10),
            "he": Recipe(
                "the same, He initialisation", whole, "SGD", 0.01, 100, 10, initializers=HE
            ),
            "better": better(15, 0.002, ", He initialisation", initializers=HE),
        },
    ),
    "ntnu": Lab(
        "Deep Learning Lecture – Convolution NN",
        "mnist",
        ("accuracy", "loss"),
        "99.02 %, loss 0.0317",
        None,
        {
            "document": Recipe("RMSprop 0.001, batch 64, 5 epochs", whole, "RMSprop", 0.001, 64, 5),
            "better": better(12, 0.002),
            "long": better(15, 0.002, ", on all images", split=whole),
        },
    ),
    "postech": Lab(
        "Convolutional Neural Networks (CNN), POSTECH",
        "mnist",
        ("accuracy",),
        "99.0 % of 100 images",
        None,
        {
            "document": Recipe(
                "Adam 0.0001, batch 50, 2,500 steps, "
                "weights and biases initialised from N(0, 0.1²)",
                as_in_the_chapter, "Adam", 1e-4, 50, epochs=10, steps=250,
            ),
            "longer": Recipe(
                "trained on: Adam 0.001 with cosine annealing, batch 50, 15,000 steps, "
                "shifts of ±2 pixels",
                as_in_the_chapter, "Adam", 1e-3, 50, epochs=6, steps=2500, decay=True, shift=2,
                after="document",
            ),
        },
    ),
    "renom": Lab(
        "Convolutional Neural Network (CNN), ReNom",
        "mnist",
        ("loss",),
        "validation loss 0.1192",
        19,
        {
            "document": Recipe(
                "SGD 0.001, batch 64, 10 epochs, raw pixels, 70,000 images split in order",
                by_label, "SGD", 0.001, 64, 10, validated=True,
            ),
            "mixed": Recipe(
                "the same, in the order of MNIST's files",
                as_stored, "SGD", 0.001, 64, 10, validated=True,
            ),
            "better": better(8, 0.001),
        },
    ),
    "explained": Lab(
        "Convolutional Neural Networks, Explained",
        "fashion-mnist",
        ("accuracy",),
        "90 %",
        None,
        {
            "document": Recipe("Adam 0.001, batch 500, 12 epochs", whole, "Adam", 0.001, 500, 12),
            "better": better(
                12, 0.005, ", horizontal flips, test-time augmentation with them",
                shift=1, flip=True, twice=True,
            ),
            "long": better(
                40, 0.005, ", horizontal flips, test-time augmentation with them, on all images",
                shift=1, flip=True, twice=True, split=whole,
            ),
        },
    ),
}  # fmt: skip
