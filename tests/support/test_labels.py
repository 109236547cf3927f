"""Labels of every kind: what they become, and what is said of wrong ones."""

import numpy as np
import pytest

from cnncourse.support.labels import class_probabilities, rows, to_categorical


def test_class_numbers_become_one_hot_rows():
    made = to_categorical([2, 0], 4)
    assert made.dtype == np.float32 and made.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]
    assert np.array_equal(class_probabilities([2, 0], 2, 4), made)
    assert np.array_equal(class_probabilities(made, 2, 4), made)


def test_soft_labels_stay_as_they_are():
    soft = class_probabilities([[0.25, 0.75], [1, 0]], 2, 2)
    assert soft.dtype == np.float32 and soft.tolist() == [[0.25, 0.75], [1, 0]]


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([0, 3], ValueError, r"from 0 to 2.*got 3 at index 1; classes are counted from 0"),
        ([-1, 0], ValueError, "got -1 at index 0"),
        ([0.5, 1], ValueError, "whole numbers.*got 0.5"),
        ([np.nan, 1], ValueError, "got nan at index 0"),
        ([0, 1, 2], ValueError, "as many as images, 2, got 3"),
        (np.zeros((2, 4)), ValueError, r"one-hot rows \(2, 3\).*got shape \(2, 4\)"),
        (np.full((2, 3), 0.5), ValueError, "must be probabilities that sum to 1"),
        (["a", "b"], TypeError, "labels must be an array of numbers"),
    ],
)
def test_bad_labels(labels, error, message):
    with pytest.raises(error, match=message):
        class_probabilities(labels, count=2, classes=3)


def test_rows_have_the_outputs_shape():
    assert rows([1, 2], (2, 1)).tolist() == [[1], [2]]
    with pytest.raises(ValueError, match=r"the outputs' shape, \(2, 3\), got \(2,\)"):
        rows([1, 2], (2, 3))
    with pytest.raises(ValueError, match="labels must be finite numbers, got nan at index"):
        rows([[np.nan]], (1, 1))
