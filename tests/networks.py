"""The documents' networks, and small ones of the same kind for tests that must be quick."""

import numpy as np

from cnncourse import Sequential, initializers, layers


def tutorial(**options):
    """The network of *CNN – Tutorial with Keras*: 62,346 parameters."""
    return _on_digits(
        [
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        options,
    )


def ntnu(**options):
    """The network of *Deep Learning Lecture – Convolution NN*: 93,322 parameters."""
    return _on_digits(
        [
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        options,
    )


def postech(**options):
    """The network of *Convolutional Neural Networks (CNN)*, POSTECH: 333,526 parameters."""
    start = {name: initializers.normal(0.1) for name in ("kernel_initializer", "bias_initializer")}
    return _on_digits(
        [
            layers.Conv2D(32, 3, padding="same", activation="relu", **start),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, padding="same", activation="relu", **start),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(100, activation="relu", **start),
            layers.Dense(10, **start),
        ],
        options,
    )


def renom(**options):
    """The network of *Convolutional Neural Network (CNN)*, ReNom.

    Its listing lost the lines of the convolutions: 32 filters in the first are seen in its
    pictures, the windows of 3×3 and the 64 filters of the second are our completion.
    """
    return _on_digits(
        [
            layers.Conv2D(32, 3),
            layers.ReLU(),
            layers.Conv2D(64, 3),
            layers.ReLU(),
            layers.MaxPooling2D(2, strides=2),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(128),
            layers.ReLU(),
            layers.Dense(10),
        ],
        options,
    )


def explained(**options):
    """The network of *Convolutional Neural Networks, Explained*: 29,034 trainable parameters."""
    return _on_digits(
        [
            layers.Conv2D(16, 5, padding=2),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 5, padding=2),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ],
        options,
    )


def _on_digits(chain, options):
    return Sequential(chain, **{"input_shape": (28, 28, 1), "seed": 0, **options})


DOCUMENTS = {make.__name__: make for make in (tutorial, ntnu, postech, renom, explained)}


def small(**options):
    """The tutorial's chain for 8×7 images of 2 channels and 3 classes."""
    return Sequential(
        [
            layers.Conv2D(3, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(4, (2, 3), strides=(1, 2), activation="relu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ],
        **{"input_shape": (8, 7, 2), "seed": 0, **options},
    )


def everything(**options):
    """A chain of every kind of layer that keeps or draws something, for 8×7 images."""
    return Sequential(
        [
            layers.Conv2D(3, 3, padding=1, kernel_initializer="he_normal", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.Tanh(),
            layers.WeightedAveragePooling2D(3, strides=2, padding="same"),
            layers.Dropout(0.4),
            layers.LpPooling2D((2, 1), p=3),
            layers.Flatten(),
            layers.Dense(5, activation="relu", bias_initializer=initializers.normal(0.1)),
            layers.Dense(3, activation="softmax"),
        ],
        **{"input_shape": (8, 7, 2), "seed": 0, **options},
    )


def small_batch(images=6, seed=0):
    """Images and labels for `small` and `everything`."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((images, 8, 7, 2)), rng.integers(0, 3, images)


def same_weights(one, other):
    """Whether two models' weights, or two lists of weights, are the same bit for bit."""
    first, second = (w.get_weights() if hasattr(w, "get_weights") else w for w in (one, other))
    return len(first) == len(second) and all(map(np.array_equal, first, second))
