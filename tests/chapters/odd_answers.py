"""Answers that nobody means, and functions that give them: no check takes one for right."""

import numpy as np

from cnncourse import Sequential, layers


class Something:
    pass


VALUES = [
    *("", "something", b"3", 10**400, float("nan"), float("inf"), 1j, Something(), Something, ...),
    *(Sequential([layers.Dense(3)]), layers.Conv2D(4, 40), layers.Conv2D),
    *([], [None], [[1], [2, 3]], {}, {1: 2}, {"a"}, slice(1)),
    *(np.array([]), np.array(["a"]), np.array([None]), np.full((2, 2, 2), 7.5)),
]


def giving(value):
    """A function that takes anything, and gives ``value``."""
    return lambda *given, **named: value


def raising(error):
    """A function that takes anything, and raises ``error``."""

    def function(*given, **named):
        raise error

    return function


FUNCTIONS = [
    *map(giving, VALUES),
    *map(giving, [(None, None), ("a", "b", "c"), (np.ones(2), "a", 3), True]),
    *map(raising, [ValueError("two\nlines"), KeyError("name"), RuntimeError(), RecursionError()]),
    lambda: 1,
]
