"""Chapter 06's exercises: their checks, which say what is wrong, and solutions to read.

Those that build a network are in ``built/``, a file for each piece.
"""

from math import log, log2, log10

import numpy as np

from ...building import check_conv2d_backward, conv2d, conv2d_backward
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
]

CLASSES = 26
TOLERANCE = 0.006  # of an answer with two decimals
NEAR = 0.06  # with one, and the rounding of the last


def check_start(answer):
    """Say whether ``answer`` is the loss to expect of an untrained network for 26 letters.

    Prints one line; None counts as not answered yet.

    >>> check_start(None)
    not answered yet
    """
    wrong = {
        log10(CLASSES): "the logarithm to base 10; the loss takes the natural one",
        log2(CLASSES): "the logarithm to base 2; the loss takes the natural one",
        1 / CLASSES: "the probability; the loss is its negative logarithm",
        -log(CLASSES): "the loss with its sign lost: −log(p) is positive for p < 1",
        log(10): "ten classes; letters are 26",
    }
    if answer is None:
        print("not answered yet")
    elif abs(answer - log(CLASSES)) < TOLERANCE:
        print(f"right: log({CLASSES}) = {log(CLASSES):.3f}")
    elif abs(answer - log(CLASSES)) < NEAR:
        print("not yet: the idea is right; give two decimals, and round the last one correctly")
    else:
        hints = [hint for value, hint in wrong.items() if abs(answer - value) < TOLERANCE]
        print(f"not yet: that is {hints[0]}" if hints else "not yet: each letter gets 1/26")


def check_momentum(step):
    """Say whether ``step`` is a step of gradient descent with momentum.

    ``step(parameter, velocity, gradient, learning_rate, momentum)`` gives the new parameter and the
    new velocity, and is tried on two steps in a row. Prints one line; None counts as not written
    yet.

    >>> check_momentum(lambda parameter, velocity, gradient, learning_rate, momentum: None)
    not answered yet
    >>> check_momentum(momentum_step)
    right: after two steps parameter and velocity are those of optimizers.SGD(0.1, momentum=0.9)
    """
    result = _two_steps(step)
    if result is None:
        print("not answered yet")
        return
    for wrong, hint in _MISTAKES.items():
        if np.allclose(result, _two_steps(wrong)):
            print(f"not yet: {hint}")
            return
    if np.allclose(result, _two_steps(momentum_step)):
        optimizer = "optimizers.SGD(0.1, momentum=0.9)"
        print(f"right: after two steps parameter and velocity are those of {optimizer}")
    else:
        print("not yet: first the new velocity, then the parameter moves by it; see section 5")


def _two_steps(step):
    """Parameter and velocity after each of two steps, or None where there is no answer."""
    parameter = 2.0
    velocity = 0.0
    path = []
    for gradient in (3.0, -1.0):
        result = step(parameter, velocity, gradient, 0.1, 0.9)
        if result is None:
            return None
        parameter, velocity = result
        path += [parameter, velocity]
    return path


def momentum_step(parameter, velocity, gradient, learning_rate, momentum):
    """A solution: the velocity remembers earlier gradients, the parameter moves by it.

    >>> momentum_step(2.0, 0.0, 3.0, learning_rate=0.1, momentum=0.9)
    (1.7, -0.30000000000000004)
    """
    velocity = momentum * velocity - learning_rate * gradient
    return parameter + velocity, velocity


def _uphill(parameter, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return parameter + velocity, velocity


def _old_velocity(parameter, velocity, gradient, learning_rate, momentum):
    return parameter + velocity, momentum * velocity - learning_rate * gradient


def _no_momentum(parameter, velocity, gradient, learning_rate, momentum):
    return parameter - learning_rate * gradient, velocity


def _no_memory(parameter, velocity, gradient, learning_rate, momentum):
    return parameter - learning_rate * gradient, -learning_rate * gradient


def _averaged(parameter, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - (1 - momentum) * learning_rate * gradient
    return parameter + velocity, velocity


def _pytorch(parameter, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return parameter - learning_rate * velocity, velocity


def _nesterov(parameter, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return parameter + momentum * velocity - learning_rate * gradient, velocity


def _no_rate(parameter, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - gradient
    return parameter + velocity, velocity


def _swapped(parameter, velocity, gradient, learning_rate, momentum):
    """Its outputs in the wrong order, which the next step then takes for each other."""
    return momentum_step(parameter, velocity, gradient, learning_rate, momentum)[::-1]


_MISTAKES = {
    _uphill: "it goes uphill: the gradient shows where the loss grows",
    _old_velocity: "the parameter moves by the old velocity; compute the new one first",
    _no_momentum: "that is plain SGD: the velocity must remember the last step",
    _no_memory: "that is plain SGD: the velocity must remember the last step",
    _averaged: "looks like an average with 1 − momentum; this rule adds the whole new step",
    _pytorch: "that is PyTorch's form; here the learning rate goes into the velocity",
    _nesterov: "that is Nesterov's variant; here the parameter moves by the velocity alone",
    _no_rate: "the learning rate is missing",
    _swapped: "return the parameter first, then the velocity",
}
