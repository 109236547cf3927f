"""What the exercises of the lab with Adam are about."""

import pytest

from cnncourse import metrics
from cnncourse.chapters.mnist_with_adam import exercises


def test_the_solution_is_the_packages_test():
    (cases,) = exercises._MCNEMAR.steps.values()
    splits = [metrics.mcnemar(*networks)[:2] for networks in cases]
    assert splits == [(3, 9), (8, 8), (0, 6)]
    for networks in cases:
        expected = metrics.mcnemar(*networks).p_value
        assert exercises.mcnemar(*networks)[2] == pytest.approx(expected)
