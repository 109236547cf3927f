"""The exercises of the chapter about Fashion-MNIST, and its drawing."""

import numpy as np
import pytest

from cnncourse.chapters.fashion_mnist import confusion_change, exercises
from cnncourse.metrics import confusion


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (48, "right"),
        (58, "dense layer's biases"),
        (16, "both blocks"),
        (0, "a constant added"),
    ],
)
def test_biases(answer, hint, says):
    says(hint, exercises.check_biases, answer)


def once(labels, predictions, classes):
    table = np.zeros((classes, classes), int)
    table[labels, predictions] += 1
    return table


def shares(labels, predictions, classes):
    table = confusion(labels, predictions, classes)
    return table / table.sum(axis=1, keepdims=True).clip(1)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda labels, predictions, classes: None, "not answered yet"),
        (exercises.confusion, "right"),
        (confusion, "right"),
        (lambda labels, predictions, classes: confusion(predictions, labels, classes), "transpos"),
        (lambda labels, predictions, classes: confusion(labels, predictions, 3), "a class without"),
        (lambda labels, predictions, classes: confusion(labels, predictions, 10), "(4, 4), not"),
        (once, "use np.add.at"),
        (shares, "shares of each row"),
        (lambda labels, predictions, classes: np.diag([2, 2, 1, 0]), "the diagonal is right"),
        (lambda labels, predictions, classes: np.zeros((4, 4)), "row 1, column 2"),
    ],
)
def test_confusion(function, hint, says):
    says(hint, exercises.check_confusion, function)


def top(x):
    return np.isin(x, exercises.TOPS)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda labels, predictions: None, "not answered yet"),
        (exercises.merged_accuracy, "right"),
        (lambda y, p: np.mean((y == p) | (top(y) & top(p))), "right"),
        (lambda y, p: np.mean(y == p), "ten classes"),
        (lambda y, p: np.mean((y == p) | top(y)), "called a dress is still"),
        (lambda y, p: np.mean((y == p) | top(p)), "called a top is still"),
        (lambda y, p: np.mean(top(p)[top(y)]), "recall of the new class"),
        (lambda y, p: np.mean(top(y) == top(p)), "other six classes"),
        (lambda y, p: 100 * exercises.merged_accuracy(y, p), "from 0 to 1"),
        (lambda y, p: 0.123, "of all images"),
        (lambda y, p: y == p, "one number is wanted"),
    ],
)
def test_merged(function, hint, says):
    says(hint, exercises.check_merged, function)


def test_the_change_is_written_into_its_cells():
    before, after = np.array([[90, 7, 3], [5, 80, 0], [0, 0, 9]]), np.eye(3, dtype=int)
    after[0, 1], after[2, 0] = 9, 4
    figure = confusion_change(before, after, ["a", "b", "c"])
    (ax,) = figure.axes
    texts = {(t.get_position()[1], t.get_position()[0]): t.get_text() for t in ax.texts}
    assert texts == {(0, 1): "+2", (0, 2): "−3", (1, 0): "−5", (2, 0): "+4"}
    assert ax.images[0].get_clim() == (-5, 5)
    assert "15 before, 13 after. Fewer: b taken for a −5, a taken for c −3. More: c " in figure.alt
    assert before[0, 0] == 90  # what is given stays as it is
    assert "Fewer" not in confusion_change(before, before, ["a", "b", "c"]).alt


@pytest.mark.parametrize(
    ("sure_when_wrong", "hint"),
    [
        (None, "not answered yet"),
        (0.55, "right"),
        (0.71, "without smoothing"),
        (0.84, "the correct predictions"),
        (0.95, "label_smoothing=0.1"),
        (3.2, "after a softmax"),
        (0.1, "the largest of the ten"),
    ],
)
def test_smoothing(sure_when_wrong, hint, says):
    says(hint, exercises.check_smoothing, sure_when_wrong)
