"""Which classes are taken for which."""

import numpy as np
import pytest

from cnncourse.metrics import confusion, most_confused

LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
PREDICTIONS = np.array([0, 1, 1, 1, 1, 2, 0, 2, 2, 0])


def test_confusion_counts_labels_in_rows():
    assert confusion(LABELS, PREDICTIONS, 3).tolist() == [[1, 2, 0], [0, 2, 0], [2, 0, 3]]
    many = np.full(300, 19, np.uint8)  # whose pairs would not fit into their type
    assert confusion(many, many, 20)[19, 19] == 300
    with pytest.raises(ValueError, match="expected as many of each, got 10 and 9"):
        confusion(LABELS, PREDICTIONS[1:], 3)
    with pytest.raises(ValueError, match=r"take probabilities.argmax\(axis=1\)"):
        confusion(LABELS, np.eye(3)[PREDICTIONS], 3)
    with pytest.raises(ValueError, match="labels: expected class numbers from 0 to 1"):
        confusion(LABELS, PREDICTIONS, 2)


def test_most_confused_worst_first():
    assert most_confused(LABELS, PREDICTIONS, 3) == [(0, 1, 2), (2, 0, 2)]
    assert most_confused(LABELS, PREDICTIONS, 3, count=1) == [(0, 1, 2)]
    assert most_confused(LABELS, LABELS, 3) == []


def test_columns_and_truth_values_are_class_numbers():
    labels, predictions = LABELS.clip(max=1), PREDICTIONS.clip(max=1)
    expected = confusion(labels, predictions, 2).tolist()
    assert confusion(labels[:, None], predictions, 2).tolist() == expected
    assert confusion(labels, predictions[:, None] > 0.5, 2).tolist() == expected
    assert confusion(labels == 1, predictions[:, None], 2).tolist() == expected
    with pytest.raises(TypeError, match=r"labels must be .*np\.unique"):
        confusion(["cat", "dog"], [0, 1], 2)
    with pytest.raises(ValueError, match="predictions must not be masked"):
        confusion([0, 1], np.ma.masked_equal([0, 1], 1), 2)
