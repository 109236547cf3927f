"""Chapter 04's exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np


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


def check_max_pool(function):
    """Say whether ``function(x)`` is max pooling, 2×2 side by side, of the images ``x``.

    ``x``: (images, height, width, channels); a row or column left over is dropped. It is tried on
    sides that differ, one of them odd. Prints one line; a function that returns None counts as not
    written yet.

    >>> check_max_pool(max_pool)
    right: 2×3 windows of 2×2, channel by channel
    """
    rng = np.random.default_rng(3)
    x = rng.standard_normal((2, 4, 7, 3)) - 2  # mostly below 0, so that a 0 from nowhere shows
    original = x.copy()
    answer = function(x)
    if answer is None:
        print("not answered yet")
        return
    answer = np.asarray(answer)
    right = max_pool(original)
    if not np.array_equal(x, original):
        print("not yet: it changes the array it is given")
    elif answer.shape != right.shape:
        print(f"not yet: {original.shape} becomes {right.shape}, yours is {answer.shape}")
    elif np.allclose(answer, right):
        print("right: 2×3 windows of 2×2, channel by channel")
    else:
        for hint, wrong in _wrong_pools(original).items():
            if np.allclose(answer, wrong):
                print(f"not yet: {hint}")
                return
        print("not yet: the shape is right, the values are not")


def max_pool(x):
    """A solution: the four corners of all windows at once.

    >>> max_pool(np.array([[1, 5], [3, 2]])[None, :, :, None])[0, :, :, 0]
    array([[5]])
    """
    height, width = x.shape[1] // 2 * 2, x.shape[2] // 2 * 2
    upper = np.maximum(x[:, 0:height:2, 0:width:2], x[:, 0:height:2, 1:width:2])
    lower = np.maximum(x[:, 1:height:2, 0:width:2], x[:, 1:height:2, 1:width:2])
    return np.maximum(upper, lower)


def _wrong_pools(x):
    corners = [x[:, u:4:2, v:6:2] for u in range(2) for v in range(2)]
    beside = [x[:, u : u + 2, v : v + 3] for u in range(2) for v in range(2)]
    two = "looks as if only two values of each window were compared; it has four"
    wrongs = {
        "these are the means of the windows, not the largest values": sum(corners) / 4,
        "these are the smallest values of the windows": np.min(corners, axis=0),
        "these are the sums of the windows": sum(corners),
        "looks as if only one value of each window were taken": corners[0],
        "looks as if there were a 0 in each window; all its values may be below 0": np.maximum(
            np.max(corners, axis=0), 0
        ),
        "looks as if the windows moved by one pixel; they lie side by side": np.max(beside, axis=0),
    }
    for first, second in ((0, 3), (1, 2), (0, 1), (2, 3), (0, 2), (1, 3)):
        wrongs[f"{two} (yours: number {first + 1} and {second + 1}, in reading order)"] = (
            np.maximum(corners[first], corners[second])
        )
    return wrongs


def check_sizes(answer):
    """Say whether ``answer`` is the shape of exercise 3: 32×23×8, by max pooling of 3, stride 2.

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
