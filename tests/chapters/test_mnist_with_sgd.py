"""The exercises of the lab with SGD."""

import numpy as np
import pytest
from scipy.stats import sem
from sklearn.neighbors import KNeighborsClassifier

from cnncourse import Sequential, datasets, layers, losses, optimizers
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
        (lambda y, s: ((y == s).mean(), 1.96 * sem(y == s)), "not by n − 1"),
        (student(factor=2.58), "the accuracy is right"),
        (lambda labels, predictions: (0.5, 0.1), "the share of images"),
        (lambda labels, predictions: 0.9, "two numbers"),
        (lambda labels, predictions: (0.9, 0.1, 3), "two numbers"),
    ],
)
def test_accuracy(function, hint, says):
    says(hint, exercises.check_accuracy, function)


def by(distance):
    """The label of the training image with the smallest of ``distance``, of (m, n, pixels)."""

    def function(train, labels, images):
        return labels[distance(images[:, None] - train).argmin(axis=1)]

    return function


def position(train, labels, images):
    return ((images[:, None] - train) ** 2).sum(axis=-1).argmin(axis=1)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda train, labels, images: None, "not answered yet"),
        (exercises.nearest, "right"),
        (by(lambda d: (d**2).sum(axis=-1)), "right"),
        (by(lambda d: np.sqrt((d**2).mean(axis=-1))), "right"),
        (lambda t, y, x: list(exercises.nearest(t, y, x)), "right"),
        (lambda t, y, x: KNeighborsClassifier(1).fit(t, y).predict(x), "right"),
        (position, "take the label there"),
        (by(lambda d: -(d**2).sum(axis=-1)), "the farthest"),
        (by(lambda d: d.sum(axis=-1)), "of both signs cancel"),
        (by(lambda d: d.sum(axis=-1) ** 2), "not their sum"),
        (by(lambda d: abs(d).sum(axis=-1)), "absolute differences"),
        (lambda t, y, x: y[(x @ t.T).argmax(axis=1)], "bright images win"),
        (lambda t, y, x: KNeighborsClassifier(3).fit(t, y).predict(x), "squared differences"),
        (lambda t, y, x: exercises.nearest(t, y, x)[:, None], "one label for each image"),
        (lambda t, y, x: y, "one label for each image"),
    ],
)
def test_nearest(function, hint, says):
    says(hint, exercises.check_nearest, function)


@pytest.mark.parametrize(
    ("better", "loss", "hint"),
    [
        (None, None, "not answered yet"),
        (0.1, None, "not answered yet"),
        (0.1, 2.31, "right"),
        (10, 0.06, "that of guessing"),
        (0.01, 2.31, "two rates were tried"),
        (0.1, 0.06, "the rate that learns"),
        (0.1, 31.0, "the steps that overshoot"),
        (0.1, float("nan"), "a positive number"),
    ],
)
def test_rates(better, loss, hint, says):
    says(hint, exercises.check_rates, better, loss)


def test_a_rate_of_10_ends_near_the_loss_of_guessing(says, capsys):
    mnist = datasets.load("mnist", quick=True).train
    model = Sequential(input_shape=(28, 28, 1), seed=0)
    for filters in (32, 64):
        model.add(layers.Conv2D(filters, 5, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizers.SGD(10), losses.SoftmaxCrossEntropy())
    history = model.fit(mnist.images[:1000], mnist.labels[:1000], 100, epochs=2, verbose=0)
    capsys.readouterr()  # that the data are short
    says("right", exercises.check_rates, 0.1, history["loss"][-1])
