"""Where the checks of exercises draw the cases that an answer is tried on."""

import os

import numpy as np

VARIABLE = "CNNCOURSE_CASES"  # set by who grades, so that nobody can know the cases


def case_rng(number):
    """A generator for the cases of one check, by a ``number`` of its own.

    It draws the same cases each time, until ``CNNCOURSE_CASES`` sets another seed for all of them.

    >>> int(case_rng(3).integers(100)), int(case_rng(3).integers(100))
    (81, 81)
    """
    hidden = os.environ.get(VARIABLE)
    return np.random.default_rng(number if hidden is None else [number, int(hidden)])
