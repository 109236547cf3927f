"""The documents' networks, and small ones of the same kind for tests that must be quick."""

import numpy as np

from cnncourse import Sequential, layers


def tutorial(**options):
    """The network of *CNN – Tutorial with Keras*: 62,346 parameters."""
    return Sequential(
        [
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        **{"input_shape": (28, 28, 1), "seed": 0, **options},
    )


def small(**options):
    """The same chain for 8×7 images of 2 channels and 3 classes."""
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


def small_batch(images=6, seed=0):
    """Images and labels for `small`."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((images, 8, 7, 2)), rng.integers(0, 3, images)


def same_weights(one, other):
    """Whether two models' weights, or two lists of weights, are the same bit for bit."""
    first, second = (w.get_weights() if hasattr(w, "get_weights") else w for w in (one, other))
    return len(first) == len(second) and all(map(np.array_equal, first, second))
