"""Chapter 04's exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...building import check_max_pool, check_max_pool_backward, max_pool, max_pool_backward

__all__ = [
    "check_leaky_derivative",
    "check_max_pool",
    "check_max_pool_backward",
    "check_sizes",
    "leaky_derivative",
    "max_pool",
    "max_pool_backward",
]


def check_leaky_derivative(function):
    """Say whether ``function(x)`` is the derivative of the leaky ReLU: x above 0, 0.1 · x below.

    Prints one line; a function that returns None counts as not written yet.

    >>> check_leaky_derivative(leaky_derivative)
    right: below zero it is small, but never 0, so no unit is dead for ever
    """
    x = np.array([[-3.0, -0.5, -0.01], [0.02, 1.0, 4.0]])  # no 0: there is no derivative there
    answer = function(x.copy())
    if answer is None:
        print("not answered yet")
        return
    answer = np.asarray(answer)
    if answer.shape != x.shape:
        print(f"not yet: x has shape {x.shape}, so have its derivatives; yours have {answer.shape}")
        return
    if np.allclose(answer, leaky_derivative(x)):
        print("right: below zero it is small, but never 0, so no unit is dead for ever")
        return
    wrongs = {
        "that is the function itself; by how much does it grow with x?": np.where(x > 0, x, x / 10),
        "that is the derivative of ReLU; below zero the leaky one still rises": np.where(
            x > 0, 1, 0
        ),
        "below zero it rises, too; yours falls": np.where(x > 0, 1, -0.1),
        "looks as if above and below were confused": np.where(x > 0, 0.1, 1),
    }
    for hint, wrong in wrongs.items():
        if np.allclose(answer, wrong):
            print(f"not yet: {hint}")
            return
    for side, part in {"below": answer[x < 0], "above": answer[x > 0]}.items():
        if np.ptp(part) > 0:
            print(f"not yet: {side} zero the function is a straight line; yours changes with x")
            return
    for side, sign in {"below": -1, "above": 1}.items():
        part = answer[x * sign > 0]
        if not np.allclose(part, leaky_derivative(x)[x * sign > 0]):
            print(f"not yet: {side} zero, how much is added to the function when x grows by 1?")
            return


def leaky_derivative(x):
    """A solution: 1 above zero, 0.1 below.

    >>> leaky_derivative(np.array([-2.0, 2.0]))
    array([0.1, 1. ])
    """
    return np.where(x > 0, 1.0, 0.1)


def check_sizes(answer):
    """Say whether ``answer`` is the shape of exercise 4: 32×23×8, by max pooling of 3, stride 2.

    Prints one line; None counts as not answered yet.

    >>> check_sizes((15, 11, 8))
    right: 15 × 11 windows that overlap by one row or column, channel by channel
    """
    wrongs = {
        (16, 11, 8): "that rounds up; a window that does not fit whole is left out",
        (16, 12, 8): "that is with padding 'same'; here nothing is padded",
        (10, 7, 8): "that is with windows side by side; these move by 2",
        (30, 21, 8): "that is with a stride of 1; these move by 2",
        (14, 10, 8): "the window at the start counts as well",
        (15, 11, 1): "pooling works channel by channel; none is lost",
        (15, 11): "pooling works channel by channel; how many channels are there?",
    }
    if answer is None:
        print("not answered yet")
        return
    answer = tuple(int(side) for side in answer)
    if answer == (15, 11, 8):
        print("right: 15 × 11 windows that overlap by one row or column, channel by channel")
    else:
        print(f"not yet: {wrongs.get(answer, 'try the formula of section 8, axis by axis')}")
