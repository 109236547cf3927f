"""Chapter 06's exercises: their checks, which say what is wrong, and solutions to read.

Those that build a network are in ``built/``, a file for each piece.
"""

from math import log, log2, log10

import numpy as np

from ...building import Piece, check_conv2d_backward, conv2d, conv2d_backward
from ...support.answers import as_number, number
from ...support.exercise import Exercise
from ...support.verdict import not_yet
from .built import (
    adam,
    batch_norm,
    batch_norm_backward,
    check_adam,
    check_batch_norm,
    check_batch_norm_backward,
    check_fit,
    fit,
)

__all__ = [
    "EXERCISES",
    "adam",
    "batch_norm",
    "batch_norm_backward",
    "check_adam",
    "check_batch_norm",
    "check_batch_norm_backward",
    "check_conv2d_backward",
    "check_fit",
    "check_momentum",
    "check_start",
    "conv2d",
    "conv2d_backward",
    "fit",
    "momentum_step",
    "start",
]

CLASSES = 26
TOLERANCE = 0.006  # of an answer with two decimals
NEAR = 0.06  # with one, and the rounding of the last


def check_start(answer):
    """Say whether ``answer`` is the loss to expect of an untrained network for 26 letters.

    None counts as not answered yet.

    >>> check_start(None)
    not answered yet
    """
    wanted, value = start(), as_number(answer)
    if value is not None and TOLERANCE < abs(value - wanted) < NEAR:
        return not_yet("the idea is right; give two decimals, and round the last one correctly")
    mistakes = {
        log10(CLASSES): "the logarithm to base 10; the loss takes the natural one",
        log2(CLASSES): "the logarithm to base 2; the loss takes the natural one",
        1 / CLASSES: "the probability; the loss is its negative logarithm",
        -log(CLASSES): "the loss with its sign lost: −log(p) is positive for p < 1",
        log(10): "ten classes; letters are 26",
    }
    mistakes = {value: f"that is {hint}" for value, hint in mistakes.items()}
    praise = f"log({CLASSES}) = {wanted:.3f}"
    return number(answer, wanted, praise, mistakes, "each letter gets 1/26", within=TOLERANCE)


def start():
    """A solution: log(26) = 3.26."""
    return -np.log(1 / 26)


def check_momentum(step):
    """Say whether ``step`` is a step of gradient descent with momentum.

    ``step(parameter, velocity, gradient, learning_rate, momentum)`` gives the new parameter and the
    new velocity. A function that returns None counts as not written yet.

    >>> check_momentum(lambda parameter, velocity, gradient, learning_rate, momentum: None)
    not answered yet
    >>> check_momentum(momentum_step)
    right: parameter and velocity are those of optimizers.SGD(learning_rate, momentum)
    """
    return _MOMENTUM.check(step)


def momentum_step(parameter, velocity, gradient, learning_rate, momentum):
    """A solution: the velocity remembers earlier gradients, the parameter moves by it.

    >>> momentum_step(2.0, 0.0, 3.0, learning_rate=0.1, momentum=0.9)
    (1.7, -0.30000000000000004)
    """
    velocity = momentum * velocity - learning_rate * gradient
    return parameter + velocity, velocity


def _with(velocity=lambda v, g, rate, momentum: momentum * v - rate * g, move=None):
    """A step with a mistake.

    ``velocity``: the new one, of the old one, the gradient, the rate and the momentum; ``move``: by
    what the parameter moves, of the new and the old velocity, the gradient, rate and momentum.
    """

    def step(parameter, old, gradient, learning_rate, momentum):
        new = velocity(old, gradient, learning_rate, momentum)
        by = move(new, old, gradient, learning_rate, momentum) if move else new
        return parameter + by, new

    return step


def _pytorch(parameter, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return parameter - learning_rate * velocity, velocity


def _plain(parameter, velocity, gradient, learning_rate, momentum):
    return parameter - learning_rate * gradient, velocity


_ONLY_GRADIENT = "that is plain SGD: the velocity must remember the last step"
_MOMENTUM = Piece(
    solution=momentum_step,
    steps={
        "numbers": [(2.0, -0.5, 3.0, 0.1, 0.9), (-1.0, 0.3, -0.7, 0.05, 0.8)],
        "arrays": [(np.array([1.0, -2.0]), np.array([0.2, 0.1]), np.array([0.5, -3.0]), 0.2, 0.5)],
    },
    outputs=("the new parameter", "the new velocity"),
    mistakes=(
        (
            _with(lambda v, g, rate, momentum: momentum * v + rate * g),
            "it goes uphill: the gradient shows where the loss grows",
        ),
        (
            _with(move=lambda new, old, *_: old),
            "it moves by the old velocity; compute the new one first",
        ),
        (_plain, _ONLY_GRADIENT),
        (_with(lambda v, g, rate, momentum: -rate * g), _ONLY_GRADIENT),
        (
            _with(lambda v, g, rate, momentum: momentum * v - (1 - momentum) * rate * g),
            "looks like an average with 1 − momentum; this rule adds the whole new step",
        ),
        (_pytorch, "that is PyTorch's form; here the learning rate goes into the velocity"),
        (
            _with(move=lambda new, old, g, rate, momentum: momentum * new - rate * g),
            "that is Nesterov's variant; here the parameter moves by the velocity alone",
        ),
        (
            _with(lambda v, g, rate, momentum: momentum * v - g),
            "the learning rate is missing",
        ),
        (
            _with(lambda v, g, rate, momentum: rate * (momentum * v - g)),
            "the learning rate belongs to the gradient alone",
        ),
    ),
    praise="parameter and velocity are those of optimizers.SGD(learning_rate, momentum)",
)

EXERCISES = (
    Exercise(1, "The first loss", check_start, start),
    Exercise(2, "A step with momentum", check_momentum, momentum_step),
    Exercise(3, "The convolution's backward pass", check_conv2d_backward, conv2d_backward),
    Exercise(4, "Batch normalisation", check_batch_norm, batch_norm),
    Exercise(
        5, "Batch normalisation's backward pass", check_batch_norm_backward, batch_norm_backward
    ),
    Exercise(6, "A step of Adam", check_adam, adam),
    Exercise(7, "The training loop", check_fit, fit),
)
