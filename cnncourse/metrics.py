"""Figures of merit: what a classifier takes for what."""

import numpy as np

from .support.checks import numbers


def confusion(labels, answers, classes):
    """How often each answer was given to each label: (classes, classes) int64, a row a label.

    ``labels``, ``answers``: (images,) class numbers. Raises ``ValueError`` where lengths differ,
    or a number is none of 0 … classes − 1.

    >>> confusion([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], classes=2)
    array([[1, 1],
           [2, 1]])
    """
    labels, answers = (
        _answers(numbers(every, name), name, classes)
        for every, name in ((labels, "labels"), (answers, "answers"))
    )
    if labels.shape != answers.shape:
        raise ValueError(
            f"labels and answers: expected as many of each, got {len(labels)} and {len(answers)}"
        )
    pairs = classes * labels + answers  # (images,), a number for each kind of answer
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def most_confused(labels, answers, classes, count=5):
    """The kinds of mistakes that are made most often, worst first.

    Gives at most ``count`` triples (label, answer, how many). Of kinds that are made equally
    often, those of smaller labels come first.

    >>> most_confused([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], classes=2)
    [(1, 0, 2), (0, 1, 1)]
    """
    wrong = confusion(labels, answers, classes)
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:count]
    pairs = [tuple(map(int, np.unravel_index(place, wrong.shape))) for place in order]
    return [(*pair, int(wrong[pair])) for pair in pairs if wrong[pair]]


def _answers(every, name, classes):
    if every.ndim != 1 or not np.issubdtype(every.dtype, np.integer):
        raise ValueError(
            f"{name}: expected class numbers, (images,), got {every.dtype} {every.shape}; "
            "for probabilities take probabilities.argmax(axis=1)"
        )
    if len(every) and not 0 <= every.min() <= every.max() < classes:
        raise ValueError(
            f"{name}: expected class numbers from 0 to {classes - 1}, as there are {classes} "
            f"classes, got {every.min()} to {every.max()}"
        )
    return every.astype(np.int64)  # pairs of bytes would not fit into a byte
