"""Chapter 07's exercises: their checks, which say what is wrong, and solutions to read."""

from math import log, log10

import numpy as np

CLASSES = 26


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
    elif abs(answer - log(CLASSES)) < 0.006:
        print(f"right: log({CLASSES}) = {log(CLASSES):.3f}")
    else:
        hints = [hint for value, hint in wrong.items() if abs(answer - value) < 0.006]
        print(f"not yet: that is {hints[0]}" if hints else "not yet: each letter gets 1/26")


def check_average_pooling(function):
    """Say whether ``function(g)`` is the way back through average pooling of 2×2.

    It is tried on slopes ``g`` (3, 4). Prints one line; None counts as not written yet.

    >>> check_average_pooling(lambda g: None)
    not answered yet
    >>> check_average_pooling(shared_equally)
    right: each of four pixels moves the average by a quarter
    """
    g = np.random.default_rng(7).standard_normal((3, 4))
    kept, right = g.copy(), shared_equally(g)
    result = function(g)
    if result is None:
        print("not answered yet")
    elif not np.array_equal(g, kept):
        print("not yet: it changes the slopes it is given")
    elif np.shape(result) != right.shape:
        print(f"not yet: slopes {g.shape} belong to an image {right.shape}, not {np.shape(result)}")
    elif np.allclose(result, right):
        print("right: each of four pixels moves the average by a quarter")
    elif np.allclose(result, 4 * right):
        print("not yet: a pixel that grows by 1 moves the average of four by less than 1")
    elif np.allclose(np.sort(result, axis=None), np.sort(_to_one_pixel(g), axis=None)):
        print("not yet: that is max pooling's rule; in an average all four pixels count")
    elif np.allclose(np.sort(result, axis=None), np.sort(right, axis=None)):
        print("not yet: the numbers are right, but they lie in the wrong places")
    else:
        print("not yet: the shape is right, the numbers are not")


def shared_equally(g):
    """A solution: (H, W) → (2·H, 2·W), each slope in equal parts to its four pixels."""
    return np.repeat(np.repeat(g, 2, axis=0), 2, axis=1) / 4


def _to_one_pixel(g):
    result = np.zeros((2 * g.shape[0], 2 * g.shape[1]))
    result[::2, ::2] = g
    return result


def check_momentum(step):
    """Say whether ``step(place, velocity, slope, learning_rate, momentum)`` is a momentum step.

    It gives the new place and the new velocity, and is tried on two steps in a row. Prints one
    line; None counts as not written yet.

    >>> check_momentum(lambda place, velocity, slope, learning_rate, momentum: None)
    not answered yet
    >>> check_momentum(momentum_step)
    right: after two steps place and velocity are those of optimizers.SGD(0.1, momentum=0.9)
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
        print(f"right: after two steps place and velocity are those of {optimizer}")
    else:
        print("not yet: first the new velocity, then the place moves by it; see section 4")


def _two_steps(step):
    place, velocity = 2.0, 0.0
    for slope in (3.0, -1.0):
        result = step(place, velocity, slope, 0.1, 0.9)
        if result is None:
            return None
        place, velocity = result
    return place, velocity


def momentum_step(place, velocity, slope, learning_rate, momentum):
    """A solution."""
    velocity = momentum * velocity - learning_rate * slope
    return place + velocity, velocity


def _uphill(place, velocity, slope, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * slope
    return place + velocity, velocity


def _old_velocity(place, velocity, slope, learning_rate, momentum):
    return place + velocity, momentum * velocity - learning_rate * slope


def _no_momentum(place, velocity, slope, learning_rate, momentum):
    return place - learning_rate * slope, velocity


def _no_memory(place, velocity, slope, learning_rate, momentum):
    return place - learning_rate * slope, -learning_rate * slope


def _averaged(place, velocity, slope, learning_rate, momentum):
    velocity = momentum * velocity - (1 - momentum) * learning_rate * slope
    return place + velocity, velocity


_MISTAKES = {
    _uphill: "it goes uphill: the slope shows where the loss grows",
    _old_velocity: "the place moves by the old velocity; compute the new one first",
    _no_momentum: "that is plain SGD: the velocity must remember the last step",
    _no_memory: "that is plain SGD: the velocity must remember the last step",
    _averaged: "looks like an average with 1 − momentum; this rule adds the whole new step",
}
