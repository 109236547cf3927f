"""Labels of every kind: what they become, and what is said of wrong ones."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
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


NAMES = ["cat", "dog", "cat"]


@pytest.mark.parametrize(
    "labels",
    [NAMES, np.array(NAMES), np.array(NAMES, object), [0, "dog", None], np.array([b"a", b"b"])],
)
@pytest.mark.parametrize(
    "take", [to_categorical, lambda y: class_probabilities(y, 3, 2), lambda y: rows(y, (3, 1))]
)
def test_names_of_classes_get_advice_about_labels(labels, take):
    with pytest.raises(TypeError, match=r"labels must be .*np\.unique\(labels, return_inv"):
        take(labels)


def test_labels_left_out_are_said_to_be_missing():
    model = Sequential([layers.Flatten(), layers.Dense(2)], input_shape=(4, 4, 1), seed=0)
    images = np.zeros((3, 4, 4, 1))
    for loss in ("softmax_cross_entropy", "binary_crossentropy", "euclidean"):
        model.compile(loss=loss)
        for call in (model.fit, model.evaluate):
            with pytest.raises(TypeError, match=r"labels are missing: .* fit\(x, y\)"):
                call(images, verbose=False)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32, bool])
def test_a_column_of_class_numbers_is_class_numbers(kind):
    column = np.array([[1], [0], [1]], kind)
    expected = to_categorical([1, 0, 1])
    assert np.array_equal(to_categorical(column), expected)
    assert np.array_equal(class_probabilities(column, 3, 2), expected)
    assert np.array_equal(class_probabilities(column[:, 0], 3, 2), expected)


def test_no_labels_at_all():
    for nothing in ([], np.empty(0, int), np.empty((0, 1))):
        assert to_categorical(nothing, 4).shape == (0, 4)
        with pytest.raises(ValueError, match="labels: expected at least one .* give num_classes"):
            to_categorical(nothing)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros((2, 3)), r"expected class numbers \(N,\), got shape \(2, 3\)"),
        (1, r"expected class numbers \(N,\), got shape \(\)"),
        ([np.nan], "labels must be finite numbers, got nan"),
        ([0, np.inf], "labels must be finite numbers, got inf"),
        ([-3], "got -3 at index 0"),
    ],
)
def test_to_categorical_refuses_what_is_no_class_number(labels, message):
    with pytest.raises(ValueError, match=message):
        to_categorical(labels)


def test_many_classes_take_only_their_rows():
    assert to_categorical([99_999], 100_000).sum() == 1  # a square of this side would not fit


@pytest.mark.parametrize(
    "labels",
    [
        np.ma.masked_equal([0, 1, 2], 2),
        np.ma.masked_less([[0.0, 1], [1, 0], [1, 0]], 0.5),
        [0, np.ma.masked, 1],
        [np.ma.array([0, 1], mask=[True, False])],
    ],
)
def test_masked_labels_are_refused(labels):
    for take in (to_categorical, lambda y: class_probabilities(y, 3, 2), lambda y: rows(y, (3, 1))):
        with pytest.raises(ValueError, match="labels must not be masked, and some are: leave"):
            take(labels)


def test_a_mask_that_hides_nothing_is_no_matter():
    assert np.array_equal(to_categorical(np.ma.array([1, 0])), to_categorical([1, 0]))
