"""Chapter 06's exercises: their checks, which say what is wrong, and solutions to read."""

from math import log, log10

import numpy as np

CLASSES = 26
TOLERANCE = 0.006  # of an answer with two decimals


def check_start(answer):
    """Say whether ``answer`` is the loss to expect of an untrained network for 26 letters.

    Prints one line; None counts as not answered yet.

    >>> check_start(None)
    not answered yet
    """
    wrong = {
        log10(CLASSES): "the logarithm to base 10; the loss takes the natural one",
        1 / CLASSES: "the probability; the loss is its negative logarithm",
        -log(CLASSES): "the loss with its sign lost: −log(p) is positive for p < 1",
        log(10): "ten classes; letters are 26",
    }
    if answer is None:
        print("not answered yet")
    elif abs(answer - log(CLASSES)) < TOLERANCE:
        print(f"right: log({CLASSES}) = {log(CLASSES):.3f}")
    else:
        hints = [hint for value, hint in wrong.items() if abs(answer - value) < TOLERANCE]
        print(f"not yet: that is {hints[0]}" if hints else "not yet: each letter gets 1/26")


def check_average_pooling(function):
    """Say whether ``function(g)`` is the backward pass of average pooling of 2×2.

    It is tried on a gradient ``g`` (3, 4) of the pooled output. Prints one line; None
    counts as not written yet.

    >>> check_average_pooling(lambda g: None)
    not answered yet
    >>> check_average_pooling(shared_equally)
    right: each of four pixels moves the average by a quarter
    """
    g = np.random.default_rng(7).standard_normal((3, 4))
    original = g.copy()
    right = shared_equally(g)
    result = function(g)
    if result is None:
        print("not answered yet")
    elif not np.array_equal(g, original):
        print("not yet: it changes the gradient it is given")
    elif np.shape(result) != right.shape:
        print(
            f"not yet: a gradient {g.shape} belongs to an image {right.shape}, "
            f"not {np.shape(result)}"
        )
    elif np.allclose(result, right):
        print("right: each of four pixels moves the average by a quarter")
    elif np.allclose(result, 4 * right):
        print("not yet: a pixel that grows by 1 moves the average of four by less than 1")
    elif np.allclose(np.sort(result, axis=None), np.sort(_to_one_pixel(g), axis=None)):
        print("not yet: that is max pooling's rule; in an average all four pixels count")
    elif np.allclose(np.sort(result, axis=None), np.sort(right, axis=None)):
        print("not yet: the values are right, but at the wrong positions")
    else:
        print("not yet: the shape is right, the values are not")


def shared_equally(g):
    """A solution: (H, W) → (2·H, 2·W), each element in equal parts to its four pixels."""
    return np.repeat(np.repeat(g, 2, axis=0), 2, axis=1) / 4


def _to_one_pixel(g):
    result = np.zeros((2 * g.shape[0], 2 * g.shape[1]))
    result[::2, ::2] = g
    return result


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
        print("not yet: first the new velocity, then the parameter moves by it; see section 4")


def _two_steps(step):
    parameter = 2.0
    velocity = 0.0
    for gradient in (3.0, -1.0):
        result = step(parameter, velocity, gradient, 0.1, 0.9)
        if result is None:
            return None
        parameter, velocity = result
    return parameter, velocity


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


_MISTAKES = {
    _uphill: "it goes uphill: the gradient shows where the loss grows",
    _old_velocity: "the parameter moves by the old velocity; compute the new one first",
    _no_momentum: "that is plain SGD: the velocity must remember the last step",
    _no_memory: "that is plain SGD: the velocity must remember the last step",
    _averaged: "looks like an average with 1 − momentum; this rule adds the whole new step",
}
