"""Exercises of the chapter about Fashion-MNIST: their checks, and solutions to read."""

import numpy as np

BIASES = 16, 32, 10  # of the two convolutions and the dense layer
LABELS = (0, 1, 1, 2, 2, 2, 0, 1)  # with predictions that make another matrix than transposed
PREDICTIONS = (0, 1, 2, 2, 0, 0, 0, 1)
TOPS = (0, 2, 4, 6)  # Fashion-MNIST's T-shirt/top, Pullover, Coat and Shirt


def check_biases(count):
    """Say whether ``count`` biases of the chapter's network could be left out.

    Prints one line; None counts as not answered yet.

    >>> check_biases(58)
    not yet: nothing comes after the dense layer's biases that would subtract them
    """
    first, second, dense = BIASES
    if count is None:
        print("not answered yet")
    elif count == first + second:
        print("right: a bias is the same everywhere in its channel, so it goes with the mean")
    elif count == first + second + dense:
        print("not yet: nothing comes after the dense layer's biases that would subtract them")
    elif count in (first, second):
        print("not yet: both blocks normalise")
    else:
        print("not yet: what does subtracting a channel's mean do to a constant added to it?")


def check_confusion(function):
    """Say whether ``function(labels, predictions, classes)`` is the confusion matrix.

    Rows are labels, columns predictions. Prints one line; a function that returns None counts as
    not written yet.

    >>> check_confusion(lambda labels, predictions, classes: None)
    not answered yet
    >>> check_confusion(confusion)
    right: rows are labels, columns predictions, and every image is counted once
    """
    labels, predictions = np.array(LABELS), np.array(PREDICTIONS)
    classes = 4  # the last one does not occur
    result = function(labels.copy(), predictions.copy(), classes)
    if result is None:
        print("not answered yet")
        return
    right = confusion(labels, predictions, classes)
    result = np.asarray(result)
    if result.shape == (3, 3):
        print("not yet: a class without images has a row and a column, too")
    elif result.shape != right.shape:
        print(f"not yet: a row and a column for each class, {right.shape}, not {result.shape}")
    elif np.array_equal(result, right):
        print("right: rows are labels, columns predictions, and every image is counted once")
    elif np.array_equal(result, right.T):
        print("not yet: that is transposed: a row for each label, a column for each prediction")
    elif np.array_equal(result, np.minimum(right, 1)):
        print("not yet: `table[labels, predictions] += 1` counts each pair once; use np.add.at")
    elif np.allclose(result, right / right.sum(axis=1, keepdims=True).clip(1)):
        print("not yet: those are the shares of each row; counts are wanted")
    elif np.array_equal(np.diag(result), np.diag(right)):
        print("not yet: the diagonal is right, the mistakes are not")
    else:
        print("not yet: the image with label 1 and prediction 2 belongs into row 1, column 2")


def confusion(labels, predictions, classes):
    """A solution: one more in its cell for every image.

    >>> confusion([0, 1, 1], [0, 0, 1], 2)
    array([[1, 0],
           [1, 1]])
    """
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, predictions), 1)
    return table


def check_merged(function):
    """Say whether ``function(labels, predictions)`` is the accuracy with the four tops as one.

    A prediction counts as correct if it is the label, or if both are tops. Prints one line; a
    function that returns None counts as not written yet.

    >>> check_merged(lambda labels, predictions: None)
    not answered yet
    >>> check_merged(merged_accuracy)
    right: a shirt that is called a coat is a top called a top
    """
    labels = np.array([6, 2, 2, 1, 9, 6, 3, 6, 7, 9, 3, 7])
    predictions = np.array([4, 4, 9, 1, 9, 8, 3, 6, 8, 2, 1, 3])
    result = function(labels.copy(), predictions.copy())
    if result is None:
        print("not answered yet")
        return
    if np.shape(result) != ():
        print(f"not yet: one number is wanted, and yours has the shape {np.shape(result)}")
        return
    right = merged_accuracy(labels, predictions)
    tops = np.isin(labels, TOPS)
    mistakes = (
        (np.mean(labels == predictions), "that is the accuracy with ten classes"),
        (np.mean((labels == predictions) | tops), "a top that is called a dress is still wrong"),
        (
            np.mean((labels == predictions) | np.isin(predictions, TOPS)),
            "a dress that is called a top is still wrong",
        ),
        (np.mean(np.isin(predictions[tops], TOPS)), "that is the recall of the new class alone"),
        (
            np.mean(tops == np.isin(predictions, TOPS)),
            "only the tops are merged: the other six classes stay apart",
        ),
        (100 * right, "a share from 0 to 1"),
    )
    if np.isclose(result, right):
        print("right: a shirt that is called a coat is a top called a top")
    else:
        hints = [hint for value, hint in mistakes if np.isclose(result, value)]
        print(f"not yet: {hints[0] if hints else 'correct, or a top called a top; of all images'}")


def merged_accuracy(labels, predictions):
    """A solution: give all four tops the same number, in labels and predictions.

    >>> merged_accuracy(np.array([0, 6, 1]), np.array([2, 6, 3]))
    0.6666666666666666
    """
    labels, predictions = (np.where(np.isin(x, TOPS), TOPS[0], x) for x in (labels, predictions))
    return float(np.mean(labels == predictions))


def check_smoothing(sure_when_wrong):
    """Say whether wrong predictions can be so sure on average after label smoothing by 0.1.

    Prints one line; None counts as not answered yet.

    >>> check_smoothing(0.84)
    not yet: that sure are the correct predictions; take the wrong ones alone
    """
    if sure_when_wrong is None:
        print("not answered yet")
    elif sure_when_wrong > 1:
        print("not yet: a probability, from 0 to 1: after a softmax")
    elif sure_when_wrong > 0.91:
        print("not yet: no target was above 0.91; was the loss given label_smoothing=0.1?")
    elif sure_when_wrong > 0.76:
        print("not yet: that sure are the correct predictions; take the wrong ones alone")
    elif sure_when_wrong > 0.65:
        print("not yet: that sure it is without smoothing")
    elif sure_when_wrong > 0.35:
        print("right: less sure where it is wrong, by the same number of errors or nearly so")
    else:
        print("not yet: the largest of the ten probabilities, and its mean over the wrong ones")
