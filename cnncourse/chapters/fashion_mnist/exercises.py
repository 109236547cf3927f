"""Exercises of the chapter about Fashion-MNIST: their checks, and solutions to read."""

import numpy as np

from ...building import Piece
from ...support.answers import as_number, number
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right

BIASES = 16, 32, 10  # of the two convolutions and the dense layer
TOPS = (0, 2, 4, 6)  # Fashion-MNIST's T-shirt/top, Pullover, Coat and Shirt


def check_biases(count):
    """Say whether ``count`` biases of the chapter's network could be left out.

    None counts as not answered yet.

    >>> check_biases(58)
    not yet: nothing comes after the dense layer's biases that would subtract them
    """
    first, second, dense = BIASES
    mistakes = {
        first + second + dense: "nothing comes after the dense layer's biases that would subtract "
        "them",
        dense: "nothing comes after the dense layer's biases that would subtract them",
        first: "both blocks normalise",
        second: "both blocks normalise",
    }
    praise = "a bias is the same everywhere in its channel, so it goes with the mean"
    rule = "what does subtracting a channel's mean do to a constant added to it?"
    return number(count, first + second, praise, mistakes, rule)


def biases():
    """A solution: those of the convolutions, 16 + 32.

    Batch normalisation subtracts them with the mean, and its β does their work. Write
    `layers.Conv2D(filters, 5, padding=2, use_bias=False)`.
    """
    return 16 + 32


def check_confusion(function):
    """Say whether ``function(labels, predictions, classes)`` is the confusion matrix.

    Rows are labels, columns predictions. A function that returns None counts as not written yet.

    >>> check_confusion(lambda labels, predictions, classes: None)
    not answered yet
    >>> check_confusion(confusion)
    right: rows are labels, columns predictions, and every image is counted once
    """
    return _CONFUSION.check(function)


def confusion(labels, predictions, classes):
    """A solution: one more in its cell for every image.

    >>> confusion([0, 1, 1], [0, 0, 1], 2)
    array([[1, 0],
           [1, 1]])
    """
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, predictions), 1)
    return table


def _seen_classes_only(labels, predictions, classes):
    seen = len(np.unique([*labels, *predictions]))
    return confusion(labels, predictions, classes)[:seen, :seen]


def _shares(labels, predictions, classes):
    table = confusion(labels, predictions, classes)
    return table / table.sum(axis=1, keepdims=True).clip(1)


def _right_ones_only(labels, predictions, classes):
    return np.diag(np.diag(confusion(labels, predictions, classes)))


_CONFUSION = Piece(
    solution=confusion,
    steps={
        "": [  # the last class does not occur
            (np.array([0, 1, 1, 2, 2, 2, 0, 1]), np.array([0, 1, 2, 2, 0, 0, 0, 1]), 4),
            (np.array([0, 0, 2, 1, 2, 0]), np.array([1, 1, 2, 0, 1, 0]), 5),
        ]
    },
    outputs=("a row for each label, a column for each prediction",),
    mistakes=(
        (_seen_classes_only, "a class without images has a row and a column, too"),
        (
            lambda labels, predictions, classes: confusion(predictions, labels, classes),
            "that is transposed: a row for each label, a column for each prediction",
        ),
        (
            lambda *given: np.minimum(confusion(*given), 1),
            "`table[labels, predictions] += 1` counts each pair once; use np.add.at",
        ),
        (_shares, "those are the shares of each row; counts are wanted"),
        (
            lambda labels, *given: confusion(labels, *given) / len(labels),
            "those are shares of all images; counts are wanted",
        ),
        (_right_ones_only, "the diagonal is right; the mistakes belong beside it"),
    ),
    praise="rows are labels, columns predictions, and every image is counted once",
)


def check_merged(function):
    """Say whether ``function(labels, predictions)`` is the accuracy with the four tops as one.

    A prediction counts as correct if it is the label, or if both are tops. A function that returns
    None counts as not written yet.

    >>> check_merged(lambda labels, predictions: None)
    not answered yet
    >>> check_merged(merged_accuracy)
    right: a shirt that is called a coat is a top called a top
    """
    return _MERGED.check(function)


def merged_accuracy(labels, predictions):
    """A solution: give all four tops the same number, in labels and predictions.

    Try it on `said["the recipe"]`: about 96 %. It is the same network; the question has become
    easier. Which question to ask is a decision about the task, not about the network.

    >>> merged_accuracy(np.array([0, 6, 1]), np.array([2, 6, 3]))
    0.6666666666666666
    """
    tops = (0, 2, 4, 6)
    labels, predictions = (np.where(np.isin(x, tops), tops[0], x) for x in (labels, predictions))
    return float(np.mean(labels == predictions))


def _top(x):
    return np.isin(x, TOPS)


_MERGED = Piece(
    solution=merged_accuracy,
    steps={
        "": [
            (
                np.array([6, 2, 2, 1, 9, 6, 3, 6, 7, 9, 3, 7]),
                np.array([4, 4, 9, 1, 9, 8, 3, 6, 8, 2, 1, 3]),
            ),
            (np.array([0, 0, 1, 4, 5, 6, 8]), np.array([2, 1, 1, 6, 7, 6, 0])),
        ]
    },
    outputs=("one number",),
    mistakes=(
        (lambda y, said: np.mean(y == said), "that is the accuracy with ten classes"),
        (
            lambda y, said: np.mean((y == said) | _top(y)),
            "a top that is called a dress is still wrong",
        ),
        (
            lambda y, said: np.mean((y == said) | _top(said)),
            "a dress that is called a top is still wrong",
        ),
        (lambda y, said: np.mean(_top(said)[_top(y)]), "that is the recall of the new class alone"),
        (
            lambda y, said: np.mean(_top(y) == _top(said)),
            "only the tops are merged: the other six classes stay apart",
        ),
        (lambda y, said: 100 * merged_accuracy(y, said), "a share from 0 to 1"),
        (lambda y, said: len(y) * merged_accuracy(y, said), "divide by the number of images"),
    ),
    praise="a shirt that is called a coat is a top called a top",
)


def check_smoothing(sure_when_wrong):
    """Say whether wrong predictions can be so sure on average after label smoothing by 0.1.

    None counts as not answered yet.

    >>> check_smoothing(0.84)
    not yet: that sure are the correct predictions; take the wrong ones alone
    """
    if sure_when_wrong is None:
        return not_answered()
    sure = as_number(sure_when_wrong)
    if sure is None or not 0 <= sure <= 1:
        return not_yet("a probability, one number from 0 to 1: after a softmax")
    if sure > 0.91:
        return not_yet("no target was above 0.91; was the loss given label_smoothing=0.1?")
    if sure > 0.76:
        return not_yet("that sure are the correct predictions; take the wrong ones alone")
    if sure > 0.65:
        return not_yet("that sure it is without smoothing")
    if sure < 0.35:
        return not_yet("the largest of the ten probabilities, and its mean over the wrong ones")
    return right("less sure where it is wrong, by the same number of errors or nearly so")


def smoothing():
    """A solution: our run's figure.

    On all images, wrong predictions had a mean probability of 0.55 instead of 0.7, and correct
    ones 0.84 instead of 0.94: the targets never ask for more than 0.91. The validation accuracy
    changed by a few tenths of a percent at most, which 5,000 images cannot tell from chance.
    """
    return 0.55


EXERCISES = (
    Exercise(1, "Superfluous biases", check_biases, biases),
    Exercise(2, "The confusion matrix", check_confusion, confusion),
    Exercise(3, "Four classes in one", check_merged, merged_accuracy),
    Exercise(4, "Label smoothing", check_smoothing, smoothing),
)
