"""The exercises of the lab with SGD."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.mnist_with_sgd import exercises


def test_the_number_of_parameters(says):
    model = Sequential(input_shape=(28, 28, 1))
    for filters in (32, 64):
        model.add(layers.Conv2D(filters, 3))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10))
    assert model.count_params() == 34_826  # as the solution says
    says("right", exercises.check_parameters, model.count_params())


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (62_346, "kernels of 5×5"),
        (320 + 18_496 + 10_250, "larger than 4×4"),
        (320 + 640 + 16_010, "all 32 channels"),
        (320 + 640 + 10_250, "and its last maps"),
        (288 + 18_432 + 16_000, "has a bias"),
        (320 + 18_496 + 31_370, "smaller than 7×7"),
        (320 + 18_496 + 77_450, "is pooled, too"),
        (320 + 18_496 + 23_050, "11 is odd"),
        (320 + 18_496, "add the dense layer"),
        (320 + 20_480 + 16_010, "not for each channel"),
        (0, "the shape behind each layer"),
    ],
)
def test_parameters(answer, hint, says):
    says(hint, exercises.check_parameters, answer)


def student(factor=1.96, power=0.5, percent=1, errors=False, whole=False):
    """Accuracy and margin, or the like with a mistake."""

    def function(labels, predictions):
        p = (labels != predictions if errors else labels == predictions).mean()
        spread = p if whole else p * (1 - p)
        return percent * p, percent * factor * (spread / len(labels)) ** power

    return function


def swapped(labels, predictions):
    return student()(labels, predictions)[::-1]


def without_n(labels, predictions):
    p = (labels == predictions).mean()
    return p, 1.96 * np.sqrt(p * (1 - p))


def n_outside(labels, predictions):
    p = (labels == predictions).mean()
    return p, 1.96 * np.sqrt(p * (1 - p)) / len(labels)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda labels, predictions: None, "not answered yet"),
        (exercises.accuracy, "right"),
        (student(), "right"),
        (lambda a, b: list(student()(a, b)), "right"),
        (student(factor=1.96001), "right"),
        (student(factor=1), "one standard error"),
        (student(power=1), "the root is missing"),
        (without_n, "divide by the number of images"),
        (n_outside, "n stands within the root"),
        (student(percent=100), "not in percent"),
        (student(errors=True), "the share of errors"),
        (student(factor=3.92), "the whole width"),
        (student(whole=True), "not p"),
        (swapped, "the accuracy comes first"),
        (student(factor=2.58), "the accuracy is right"),
        (lambda labels, predictions: (0.5, 0.1), "the share of images"),
        (lambda labels, predictions: 0.9, "two numbers"),
        (lambda labels, predictions: (0.9, 0.1, 3), "two numbers"),
    ],
)
def test_accuracy(function, hint, says):
    says(hint, exercises.check_accuracy, function)
