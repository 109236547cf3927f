"""The exercises of the lab with Adam."""

import numpy as np
import pytest
from scipy.stats import binom, binomtest, chi2

from cnncourse import metrics
from cnncourse.chapters.mnist_with_adam import exercises


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (38_000, "right"),
        (38_032, "right"),
        (380, "a margin of ±1 point"),
        (9_900, "one standard error"),
        (19_404, "squared as well"),
        (9_508, "not 0.002"),
        (152_127, "not half of it"),
        (97_000, "p (1 − p) is 0.0099"),
        (195, "square both sides"),
        (10_000_000, "solve for n"),
        (39_000, "solve for n"),
    ],
)
def test_images(answer, hint, says):
    says(hint, exercises.check_images, answer)


def test_the_number_of_images():
    exact = 1.96**2 * 0.99 * 0.01 / 0.001**2
    assert round(exact, -3) == exercises.IMAGES


def both_counts(labels, first, second):
    return np.sum((first == labels) & (second != labels)), np.sum(
        (first != labels) & (second == labels)
    )


def student(p=lambda a, b, n: binomtest(a, a + b).pvalue, counts=both_counts):
    """McNemar's test as a student would write it, or with a mistake."""

    def function(labels, first, second):
        a, b = counts(labels, first, second)
        return a, b, p(a, b, len(labels))

    return function


def one_sided(a, b, n):
    return binom.cdf(min(a, b), a + b, 0.5)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda labels, first, second: None, "not answered yet"),
        (exercises.mcnemar, "right"),
        (metrics.mcnemar, "right"),
        (student(), "right"),
        (student(lambda a, b, n: min(1, 2 * one_sided(a, b, n))), "right"),
        (lambda labels, first, second: (1, 2), "three numbers"),
        (student(one_sided), "both tails"),
        (student(lambda a, b, n: 2 * one_sided(a, b, n)), "more than 1"),
        (student(lambda a, b, n: binom.pmf(a, a + b, 0.5)), "exactly this split; add"),
        (student(lambda a, b, n: 2 * binom.pmf(a, a + b, 0.5)), "twice exactly this split"),
        (student(lambda a, b, n: binomtest(a, n).pvalue), "are throws"),
        (student(lambda a, b, n: chi2.sf((a - b) ** 2 / (a + b), 1)), "by χ², for many"),
        (student(lambda a, b, n: chi2.sf((abs(a - b) - 1) ** 2 / (a + b), 1)), "a correction"),
        (student(lambda a, b, n: 0.5), "a fair coin"),
        (student(counts=lambda y, f, s: both_counts(y, s, f)), "exchanged"),
        (student(counts=lambda y, f, s: (np.sum(f == y), np.sum(s == y))), "not all that it does"),
        (student(counts=lambda y, f, s: (np.sum(f != y), np.sum(s != y))), "all errors"),
        (
            student(
                lambda a, b, n: 1.0,
                lambda y, f, s: tuple(count / len(y) for count in both_counts(y, f, s)),
            ),
            "don't take shares",
        ),
        (student(counts=lambda y, f, s: (1, 2)), "case by case"),
    ],
)
def test_mcnemar(function, hint, says):
    says(hint, exercises.check_mcnemar, function)


def test_the_networks_that_it_is_tried_on():
    splits = [metrics.mcnemar(*networks)[:2] for networks in exercises._pairs_of_networks()]
    assert splits == [(3, 9), (8, 8), (0, 6)]
    for labels, first, second in exercises._pairs_of_networks():
        assert exercises.mcnemar(labels, first, second)[2] == pytest.approx(
            metrics.mcnemar(labels, first, second).p_value
        )


@pytest.mark.parametrize(
    ("loss", "accuracy", "hint"),
    [
        (None, None, "not answered yet"),
        (2.6, None, "not answered yet"),
        (2.6, 0.978, "right"),
        (2.6, 97.8, "as a share"),
        (0.07, 0.978, "trained already"),
        (3.0, 0.97, "the recipe's initial loss"),
        (2.6, 0.1, "after all iterations"),
    ],
)
def test_he(loss, accuracy, hint, says):
    says(hint, exercises.check_he, loss, accuracy)


@pytest.mark.parametrize(
    ("lower", "tells_more", "hint"),
    [
        (None, None, "not answered yet"),
        ("after", "before", "right"),
        ("before", "before", "downhill on these very images"),
        ("after", "after", "not so lucky"),
        ("both", "after", 'answer "before" or "after"'),
    ],
)
def test_costs(lower, tells_more, hint, says):
    says(hint, exercises.check_costs, lower, tells_more)


@pytest.mark.parametrize(
    ("why", "hint"),
    [
        (None, "not answered yet"),
        ("memorises", "right"),
        ("too small", "cannot fit its training images"),
        ("too few steps", "does the validation loss"),
        ("unlucky", "one of 'too small', 'too few steps', 'memorises'"),
    ],
)
def test_stall(why, hint, says):
    says(hint, exercises.check_stall, why)
