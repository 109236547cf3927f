"""The five documents' networks, each described once: for chapters, tests, tools and benchmarks.

Every function builds its network anew, as a `Sequential` for images of 28×28×1 with seed 0;
``options`` are `Sequential`'s, such as ``seed=1`` or ``device="cuda"``. Two of them also take
another initialisation than their document's.

>>> tutorial().count_params()
62346
"""

from . import initializers, layers
from .model import Sequential

NORMAL = initializers.normal(0.1)
# PyTorch's own, whose "momentum" of 0.1 is the part that is replaced: the document is PyTorch's
PYTORCH_NORMALIZATION = {"momentum": 0.9, "epsilon": 1e-5}


def tutorial(kernel_initializer="glorot_uniform", **options):
    """The network of *CNN – Tutorial with Keras*: 62,346 parameters."""
    initial = {"kernel_initializer": kernel_initializer}
    return _on_digits(
        [
            layers.Conv2D(32, 5, activation="relu", **initial),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 5, activation="relu", **initial),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax", **initial),
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


def postech(kernel_initializer=NORMAL, bias_initializer=NORMAL, **options):
    """The network of *Convolutional Neural Networks (CNN)*, POSTECH: 333,526 parameters."""
    initial = {"kernel_initializer": kernel_initializer, "bias_initializer": bias_initializer}
    return _on_digits(
        [
            layers.Conv2D(32, 3, padding="same", activation="relu", **initial),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, padding="same", activation="relu", **initial),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(100, activation="relu", **initial),
            layers.Dense(10, **initial),
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
            layers.BatchNormalization(**PYTORCH_NORMALIZATION),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 5, padding=2),
            layers.BatchNormalization(**PYTORCH_NORMALIZATION),
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
