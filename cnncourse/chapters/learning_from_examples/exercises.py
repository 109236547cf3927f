"""Chapter 03's exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...building import Piece, check_loss, check_softmax, loss, softmax
from ...support.answers import choice, number
from ...support.cases import case_rng
from ...support.exercise import Exercise

__all__ = [
    "EXERCISES",
    "check_loss",
    "check_moved",
    "check_softmax",
    "check_squared_gradient",
    "check_steps",
    "loss",
    "moved",
    "softmax",
    "squared_gradient",
    "steps",
]

IMAGES, BATCH, EPOCHS = 1_000, 64, 3  # of the training whose steps are to be counted


def check_steps(count):
    """Say whether ``count`` is how many steps 3 epochs of 1,000 images in batches of 64 take.

    None counts as not answered yet.

    >>> check_steps(45)
    not yet: the images that are left over make a batch, too, a smaller one
    """
    mistakes = {
        IMAGES // BATCH * EPOCHS: "the images that are left over make a batch, too, a smaller one",
        steps() // EPOCHS: "that is one epoch",
        IMAGES * EPOCHS: "that would be a step for each image; a batch makes one step",
        -(-IMAGES * EPOCHS // BATCH): "an epoch ends with its last image, even within a batch",
        IMAGES / BATCH * EPOCHS: "a batch may be smaller, but it makes a whole step",
    }
    praise = "16 steps an epoch, the last with 40 images"
    return number(count, steps(), praise, mistakes, "how many batches does one epoch take?")


def steps():
    """A solution: ⌈1,000 / 64⌉ · 3 = 16 · 3 = 48."""
    return -(-1_000 // 64) * 3


def check_squared_gradient(function):
    """Say whether ``function(x, t, w, b)`` is the gradient of the mean squared error by ``w``.

    Of one neuron with a sigmoid: ``x`` (N, F), ``t`` (N,), ``w`` (F,), ``b`` a number; the gradient
    is (F,). A function that returns None counts as not written yet.

    >>> check_squared_gradient(lambda x, t, w, b: None)
    not answered yet
    >>> check_squared_gradient(squared_gradient)
    right: the same as nudging each weight
    """
    return _SQUARED_GRADIENT.check(function)


def squared_gradient(x, t, w, b):
    """A solution: the derivatives of the square, the sigmoid and the weighted sum, multiplied."""
    p = 1 / (1 + np.exp(-(x @ w + b)))  # (N,)
    by_sum = 2 * (p - t) * p * (1 - p)  # (N,): the loss of each image by its z
    return by_sum @ x / len(x)  # (F,)


def _case(seed, images, features):
    """So many images, their targets, and the parameters of a neuron."""
    rng = case_rng(seed)
    x, w = rng.normal(size=(images, features)), rng.normal(size=features)
    return x, rng.integers(0, 2, images).astype(float), w, float(rng.normal())


def _by_sums(rule):
    """A gradient that is the mean over the images of ``rule(p, t)``, times the inputs."""

    def function(x, t, w, b):
        p = 1 / (1 + np.exp(-(x @ w + b)))
        return rule(p, t) @ x / len(x)

    return function


_SQUARED_GRADIENT = Piece(
    solution=squared_gradient,
    steps={"": [_case(5, 6, 4), _case(6, 9, 3)]},
    outputs=("a derivative for each weight",),
    mistakes=(
        (
            _by_sums(lambda p, t: (p - t) * p * (1 - p)),
            "the derivative of a square has a factor 2",
        ),
        (
            _by_sums(lambda p, t: 2 * (t - p) * p * (1 - p)),
            "the sign is turned round: output minus target",
        ),
        (
            lambda x, t, w, b: len(x) * squared_gradient(x, t, w, b),
            "that is the sum over the images; the loss is their mean",
        ),
        (_by_sums(lambda p, t: p - t), "that is the gradient of −log p"),
        (
            _by_sums(lambda p, t: 2 * (p - t)),
            "the sigmoid's own derivative, p (1 − p), is missing",
        ),
        (
            _by_sums(lambda p, t: 2 * (p - t) * p),
            "the derivative of the sigmoid is p (1 − p), not p",
        ),
    ),
    praise="the same as nudging each weight",
)


def check_moved(name):
    """Say whether the network of that ``name`` suffers least when the digits move by two pixels.

    None counts as not answered yet.

    >>> check_moved("dense network")
    not yet: it has a weight for each pixel, too; another one drops less
    """
    hint = "it has a weight for each pixel, too; another one drops less"
    mistakes = {"softmax regression": hint, "dense network": hint}
    praise = "its filters move along, and pooling absorbs a part; its dense layer cannot"
    return choice(name, "with a convolution", praise, mistakes)


def moved():
    """A solution: the network with a convolution.

    A shift of two pixels moves its pooled maps by only one position. But its dense layer's weights
    still belong to positions.
    """
    return "with a convolution"


EXERCISES = (
    Exercise(1, "How many steps?", check_steps, steps),
    Exercise(2, "The gradient of the squared error", check_squared_gradient, squared_gradient),
    Exercise(3, "The softmax", check_softmax, softmax),
    Exercise(4, "The loss, and its gradient", check_loss, loss),
    Exercise(5, "Digits that have moved", check_moved, moved),
)
