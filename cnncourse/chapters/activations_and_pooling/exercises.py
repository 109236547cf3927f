"""Chapter 04's exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...building import check_max_pool, check_max_pool_backward, max_pool, max_pool_backward
from ...support.answers import as_array, called, choice, is_verdict
from ...support.arguments import described
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right

__all__ = [
    "EXERCISES",
    "absorbing",
    "check_absorbing",
    "check_leaky_derivative",
    "check_max_pool",
    "check_max_pool_backward",
    "check_sigmoid",
    "check_sizes",
    "leaky_derivative",
    "max_pool",
    "max_pool_backward",
    "sigmoid",
    "sizes",
]


def check_leaky_derivative(function):
    """Say whether ``function(x)`` is the derivative of the leaky ReLU: x above 0, 0.1 · x below.

    A function that returns None counts as not written yet.

    >>> check_leaky_derivative(leaky_derivative)
    right: below zero it is small, but never 0, so no unit is dead for ever
    """
    x = np.array([[-3.0, -0.5, -0.01], [0.02, 1.0, 4.0]])  # no 0: there is no derivative there
    result = called(function, x)
    if is_verdict(result):
        return result
    found = as_array(result)
    if found is None:
        return not_yet("an array of numbers is wanted")
    if found.shape != x.shape:
        return not_yet(f"x has shape {x.shape}, so have its derivatives; yours have {found.shape}")
    if np.allclose(found, leaky_derivative(x)):
        return right("below zero it is small, but never 0, so no unit is dead for ever")
    mistakes = {
        "that is the function itself; by how much does it grow with x?": np.where(x > 0, x, x / 10),
        "that is the derivative of ReLU; below zero the leaky one still rises": 1.0 * (x > 0),
        "below zero it rises, too; yours falls": np.where(x > 0, 1, -0.1),
        "looks as if above and below were confused": np.where(x > 0, 0.1, 1),
    }
    hints = [hint for hint, wrong in mistakes.items() if np.allclose(found, wrong)]
    for side, part in {"below": found[x < 0], "above": found[x > 0]}.items():
        if np.ptp(part) > 0:
            hints.append(f"{side} zero the function is a straight line; yours changes with x")
    side = "above" if np.allclose(found[x < 0], leaky_derivative(x)[x < 0]) else "below"
    hints.append(f"{side} zero, how much is added to the function when x grows by 1?")
    return not_yet(hints[0])


def leaky_derivative(x):
    """A solution: 1 above zero, 0.1 below.

    >>> leaky_derivative(np.array([-2.0, 2.0]))
    array([0.1, 1. ])
    """
    return np.where(x > 0, 1.0, 0.1)


def check_sizes(answer):
    """Say whether ``answer`` is the shape of exercise 4: 32×23×8, by max pooling of 3, stride 2.

    None counts as not answered yet.

    >>> check_sizes((15, 11, 8))
    right: windows that overlap by one row or column, channel by channel
    """
    mistakes = {
        (16, 11, 8): "that rounds up; a window that does not fit whole is left out",
        (16, 12, 8): "that is with padding 'same'; here nothing is padded",
        (10, 7, 8): "that is with windows side by side; these move by 2",
        (30, 21, 8): "that is with a stride of 1; these move by 2",
        (14, 10, 8): "the window at the start counts as well",
        (15, 11, 1): "pooling works channel by channel; none is lost",
        (15, 11): "pooling works channel by channel; how many channels are there?",
        (11, 15, 8): "height comes first, then width",
    }
    if answer is None:
        return not_answered()
    values = as_array(answer)
    if values is None or values.ndim != 1:
        return not_yet(f"a shape is wanted, (height, width, channels), got {described(answer)}")
    shape = tuple(values.tolist())
    if shape == sizes():
        return right("windows that overlap by one row or column, channel by channel")
    return not_yet(mistakes.get(shape, "try the formula of section 8, axis by axis"))


def sizes():
    """A solution: ⌊29/2⌋ + 1 = 15, ⌊20/2⌋ + 1 = 11, and 8 channels."""
    return (32 - 3) // 2 + 1, (23 - 3) // 2 + 1, 8


def check_sigmoid(gets_there):
    """Say whether sigmoid, with weights × 4, reaches 80 % in section 7.

    None counts as not answered yet.

    >>> check_sigmoid(False)
    not yet: at which rates did you try? It wants larger ones than the others
    """
    hint = "at which rates did you try? It wants larger ones than the others"
    praise = "at larger rates, and later than the others"
    return choice(gets_there, True, praise, {False: hint})


def sigmoid():
    """A solution: it does, at larger rates, and later.

    With ten seeds it takes about 130 steps at rate 1 and 140 at 2; at 3 some do not get there.
    """
    return True


def check_absorbing(absorbs_more):
    """Say whether "max" or "mean" pooling absorbs more of a shift of 8 pixels.

    None counts as not answered yet.

    >>> check_absorbing("mean")
    not yet: at 8 pixels, behind 8×8 windows: which of the two curves is lower?
    """
    hint = "at 8 pixels, behind 8×8 windows: which of the two curves is lower?"
    praise = "but to give 0 always would absorb all of it, and be useless"
    return choice(absorbs_more, "max", praise, {"mean": hint})


def absorbing():
    """A solution: usually max pooling.

    After 8 pixels the change after 8×8 windows is 72 % with maxima, 108 % with means. But less
    change is not always better: to give 0 always would be invariant, and useless.
    """
    return "max"


EXERCISES = (
    Exercise(1, "The leaky ReLU's derivative", check_leaky_derivative, leaky_derivative),
    Exercise(2, "Max pooling", check_max_pool, max_pool),
    Exercise(3, "Max pooling's backward pass", check_max_pool_backward, max_pool_backward),
    Exercise(4, "A shape", check_sizes, sizes),
    Exercise(5, "Does sigmoid get there?", check_sigmoid, sigmoid),
    Exercise(6, "Maxima or means", check_absorbing, absorbing),
)
