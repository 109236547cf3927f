"""Small networks of the documents' kind, for tests that must be quick."""

import numpy as np

from cnncourse import Sequential, initializers, layers


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


def residual_block(filters=3, strides=1):
    """A block of a residual network, for maps of ``filters`` channels, or of others."""
    shortcut = None
    if strides > 1:
        shortcut = [layers.Conv2D(filters, 1, strides), layers.BatchNormalization()]
    return layers.Residual(
        [
            layers.Conv2D(filters, 3, strides, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
        ],
        shortcut,
        activation="relu",
    )


def residual(**options):
    """Two blocks, one of which halves the maps, for 8×7 images of 2 channels and 3 classes."""
    return Sequential(
        [
            layers.Conv2D(3, 3, padding="same", activation="relu"),
            residual_block(),
            residual_block(4, strides=2),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3),
        ],
        **{"input_shape": (8, 7, 2), "seed": 0, **options},
    )


def channel_by_channel(**options):
    """A chain of convolutions that keep channels apart, and of one with gaps, for 8×7 images."""
    return Sequential(
        [
            layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="relu"),
            layers.SeparableConv2D(5, (2, 3), strides=(2, 1)),
            layers.Conv2D(3, 2, dilation_rate=2),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ],
        **{"input_shape": (8, 7, 2), "seed": 0, **options},
    )


def small_batch(images=6, seed=0):
    """Images and labels for the models above."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((images, 8, 7, 2)), rng.integers(0, 3, images)


def same_weights(one, other):
    """Whether two models' weights, or two lists of weights, are the same bit for bit."""
    first, second = (w.get_weights() if hasattr(w, "get_weights") else w for w in (one, other))
    return len(first) == len(second) and all(map(np.array_equal, first, second))
