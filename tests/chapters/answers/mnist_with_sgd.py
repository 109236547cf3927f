"""Answers to the exercises of the lab with SGD, and what their checks say of them."""

import numpy as np
from scipy.stats import norm, sem
from sklearn.neighbors import KNeighborsClassifier

from cnncourse.chapters.mnist_with_sgd import exercises


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


def by(distance):
    """The label of the training image with the smallest of ``distance``, of (m, n, pixels)."""

    def function(train, labels, images):
        return labels[distance(images[:, None] - train).argmin(axis=1)]

    return function


def position(train, labels, images):
    return ((images[:, None] - train) ** 2).sum(axis=-1).argmin(axis=1)


ANSWERS = {
    exercises.check_parameters: [
        (34_826.0, "right: "),
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
        (0, "the shape after each layer"),
        ("34,826", "expected a number"),
    ],
    exercises.check_accuracy: [
        (student(), "right: "),
        (lambda a, b: list(student()(a, b)), "right: "),
        (student(factor=norm.ppf(0.975)), "right: "),
        (student(factor=1), "one standard error"),
        (student(power=1), "the root is missing"),
        (without_n, "divide by the number of images"),
        (n_outside, "n stands within the root"),
        (student(percent=100), "not in percent"),
        (student(errors=True), "the share of errors"),
        (student(factor=3.92), "the whole width"),
        (student(whole=True), "not p"),
        (swapped, "their order is not"),
        (lambda y, s: ((y == s).mean(), 1.96 * sem(y == s)), "not by n − 1"),
        (lambda y, s: ((y == s).sum(), 0.1), "divide by the number of images"),
        (student(factor=2.58), "the margin: 0.0774 is not right"),
        (lambda labels, predictions: (0.5, 0.1), "the accuracy: "),
        (lambda labels, predictions: 0.9, "return the accuracy and the margin"),
        (lambda labels, predictions: (0.9, 0.1, 3), "return the accuracy and the margin"),
        (0.98, "a function is wanted"),
    ],
    exercises.check_rates: [
        (0.1, None, "not answered yet"),
        (0.1, 2.303, "right: "),
        (10, 0.06, "that of guessing"),
        (0.01, 2.31, "two rates were tried"),
        (0.1, 0.06, "the rate that learns"),
        (0.1, 31.0, "the steps that overshoot"),
        (0.1, float("nan"), "a positive number"),
        (0.1, [2.3, 2.3], "expected two numbers"),
    ],
    exercises.check_nearest: [
        (by(lambda d: (d**2).sum(axis=-1)), "right: "),
        (by(lambda d: np.sqrt((d**2).mean(axis=-1))), "right: "),
        (lambda t, y, x: list(exercises.nearest(t, y, x)), "right: "),
        (lambda t, y, x: KNeighborsClassifier(1).fit(t, y).predict(x), "right: "),
        (position, "take the label there"),
        (by(lambda d: -(d**2).sum(axis=-1)), "the farthest"),
        (by(lambda d: d.sum(axis=-1)), "of both signs cancel"),
        (by(lambda d: d.sum(axis=-1) ** 2), "not their sum"),
        (by(lambda d: abs(d).sum(axis=-1)), "absolute differences"),
        (by(lambda d: abs(d).max(axis=-1)), "not the largest alone"),
        (lambda t, y, x: y[(x @ t.T).argmax(axis=1)], "bright images win"),
        (lambda t, y, x: KNeighborsClassifier(3).fit(t, y).predict(x), "the values are not"),
        (lambda t, y, x: exercises.nearest(t, y, x)[:, None], "the shape should be (20,)"),
        (lambda t, y, x: y, "the shape should be (20,), yours is (60,)"),
    ],
}
