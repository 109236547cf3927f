"""Answers to the exercises on MNIST with dropout, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.mnist_with_dropout import exercises


def ordered(labels, share, rng):
    positions = np.arange(len(labels))
    count = round(share * len(labels))
    return positions[:count], positions[count:]


def mixed(labels, share, rng):
    return ordered(labels, share, rng)[0], np.arange(5)


def by_class(labels, share, rng=None):
    """Without any chance."""
    parts = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    cuts = [round(share * len(part)) for part in parts]
    return [
        np.concatenate([part[:cut] for part, cut in zip(parts, cuts, strict=True)]),
        np.concatenate([part[cut:] for part, cut in zip(parts, cuts, strict=True)]),
    ]


def by_class_shuffled(labels, share, rng):
    order = rng.permutation(len(labels))
    return [order[part] for part in by_class(labels[order], share)]


def standardised(train, validation, by=None, mean=True, deviation=True):
    """Both, each by itself if ``by`` is None, with a mistake if so asked."""
    return [
        (images - mean * (images if by is None else by).mean())
        / ((images if by is None else by).std() if deviation else 1)
        for images in (train, validation)
    ]


PADDED = exercises.padded_parameters()

ANSWERS = {
    exercises.check_nines: [
        (5566, "right: "),
        (5566.4, "right: "),
        (4759, "hold nines, too"),
        (1392, "for validation"),
        (5600, "not equally large"),
        (807, "the 60,000 images are split"),
        (6958, "count all nines"),
    ],
    exercises.check_split: [
        (by_class_shuffled, "right: "),
        (ordered, "of class 2 50 images are for training, and 64 are its share"),
        (mixed, "on both sides"),
        (by_class, "another rng gives the same images"),
        (lambda labels, share, rng: exercises.stratified(labels, share, rng)[::-1], "exchanged"),
        (lambda labels, share, rng: exercises.stratified(labels, 0.5, rng), "80% were asked"),
        (lambda labels, share, rng: exercises.stratified(labels, 0.8, rng), "not for 50%"),
        (lambda labels, share, rng: (np.zeros(3, int), np.ones(3, int)), "comes twice"),
        (lambda labels, share, rng: (np.arange(9), np.arange(9, 20)), "130 of 150 images are on"),
        (lambda labels, share, rng: (np.arange(120), np.arange(121, 151)), "between 0 and 149"),
        (lambda labels, share, rng: (labels > 0, labels == 0), "whole numbers"),
        (lambda labels, share, rng: 3, "two arrays are wanted"),
        (lambda labels, share: labels, "your function raises TypeError"),
    ],
    exercises.check_standardised: [
        (lambda a, b: standardised(a, b, a), "right: "),
        (standardised, "the validation images: they got a mean"),
        (lambda a, b: (a, (b - b.mean()) / b.std()), "the training images: nothing is done"),
        (
            lambda a, b: standardised(a, b, np.concatenate([a.ravel(), b.ravel()])),
            "should take no part",
        ),
        (lambda a, b: standardised(a, b, b), "fit on the training images"),
        (lambda a, b: standardised(a, b, a, deviation=False), "division by the standard"),
        (lambda a, b: standardised(a, b, a, mean=False), "the mean is still in it"),
        (lambda a, b: [(x - a.mean()) / a.var() for x in (a, b)], "by the variance"),
        (lambda a, b: [(x - a.mean(0)) / a.std(0) for x in (a, b)], "for each position its own"),
        (lambda a, b: (a / 255, b / 255), "from 0 to 1"),
        (lambda a, b: (standardised(a, b, a)[0], b), "the validation images: nothing is done"),
        (lambda a, b: a, "return the training images and the validation images"),
        (lambda a, b: (a[0], b), "the shape should be (6, 4, 4, 1)"),
        (lambda a, b: (a, b + 1), "the training images: nothing is done"),
    ],
    exercises.check_padded_parameters: [
        (float(PADDED), "right: "),
        (1_199_882, "without padding"),
        (PADDED - 128, "128 biases"),
        (PADDED - 96, "each filter has a bias"),
        (6_442_762, "halves both sides"),
        (1_404_682, "both convolutions"),
        (3, "only the first dense layer"),
    ],
    exercises.check_gaps: [
        (0.3, 0.1, "right: "),
        (0.36, None, "not answered yet"),
        (0.17, 0.36, "exchanged"),
        (-0.36, -0.17, "which of the two is larger"),
        (0.02, 0.01, "take ten epochs"),
        (0.36, 0.36, "did one of the networks get rate=0"),
        (0.36, "little", "expected two numbers"),
        (float("inf"), 0.17, "expected two numbers"),
        (0.36, float("nan"), "expected two numbers"),
    ],
}
