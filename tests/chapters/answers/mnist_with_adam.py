"""Answers to the exercises of the lab with Adam, and what their checks say of them."""

import numpy as np
from scipy.stats import binom, binomtest, chi2

from cnncourse import metrics
from cnncourse.chapters.mnist_with_adam import exercises


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


def shares(labels, first, second):
    return tuple(count / len(labels) for count in both_counts(labels, first, second))


def differing(labels, first, second):
    differ = first != second
    return np.sum(differ & (second != labels)), np.sum(differ & (first != labels))


ANSWERS = {
    exercises.check_images: [
        (38_000, "right: "),
        (38_032, "right: "),
        (380, "a margin of ±1 point"),
        (9_900, "one standard error"),
        (10_000, "one standard error"),
        (19_404, "squared as well"),
        (19_000, "squared as well"),
        (9_508, "not 0.002"),
        (152_127, "not half of it"),
        (3_803_000, "not p"),
        (960_400, "not one half"),
        (195, "square both sides"),
        (10_000_000, "solve for n"),
        (39_000, "solve for n"),
        ("38,000", "expected a number"),
    ],
    exercises.check_mcnemar: [
        (metrics.mcnemar, "right: "),
        (student(), "right: "),
        (student(lambda a, b, n: min(1, 2 * one_sided(a, b, n))), "right: "),
        (lambda labels, first, second: (1, 2), "return the images that only the first"),
        (student(one_sided), "both tails"),
        (student(lambda a, b, n: 2 * one_sided(a, b, n)), "more than 1"),
        (student(lambda a, b, n: binom.pmf(a, a + b, 0.5)), "exactly this split; add"),
        (student(lambda a, b, n: 2 * binom.pmf(a, a + b, 0.5)), "twice exactly this split"),
        (student(lambda a, b, n: binomtest(a, n).pvalue), "are throws"),
        (student(lambda a, b, n: chi2.sf((a - b) ** 2 / (a + b), 1)), "by χ², for many"),
        (student(lambda a, b, n: chi2.sf((abs(a - b) - 1) ** 2 / (a + b), 1)), "a correction"),
        (student(lambda a, b, n: 0.5), "the p-value: 0.5 is not right"),
        (student(counts=lambda y, f, s: both_counts(y, s, f)), "their order is not"),
        (
            student(lambda a, b, n: 0.5, lambda y, f, s: both_counts(y, s, f)),
            "first and second are exchanged",
        ),
        (
            student(lambda a, b, n: 0.5, lambda y, f, s: (np.sum(f == y), np.sum(s == y))),
            "not all that it does",
        ),
        (
            student(lambda a, b, n: 0.5, lambda y, f, s: (np.sum(f != y), np.sum(s != y))),
            "all errors",
        ),
        (student(lambda a, b, n: 1.0, shares), "don't take shares"),
        (student(lambda a, b, n: 1.0, differing), "may both be wrong"),
        (student(counts=lambda y, f, s: (1, 2)), "only the first gets right: 1 is not right"),
        (None, "not answered yet"),
    ],
    exercises.check_he: [
        (2.6, None, "not answered yet"),
        (2.55, 0.975, "right: "),
        (2.6, 97.8, "as a share"),
        (0.07, 0.978, "trained already"),
        (3.0, 0.97, "the recipe's initial loss"),
        (float("nan"), 0.97, "the recipe's initial loss"),
        (2.6, 0.1, "after all iterations"),
        (2.6, "97 %", "expected two numbers"),
    ],
    exercises.check_costs: [
        ("After", "before ", "right: "),
        ("after", None, "not answered yet"),
        ("before", "before", "downhill on these very images"),
        ("after", "after", "not so lucky"),
        ("both", "after", "expected 'after' or 'before'"),
    ],
    exercises.check_stall: [
        ("too small", "cannot fit its training images"),
        ("too few steps", "does the validation loss"),
        ("unlucky", "expected 'memorises', 'too few steps' or 'too small'"),
    ],
}
