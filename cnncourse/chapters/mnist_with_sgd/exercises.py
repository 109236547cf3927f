"""Exercises of the lab with SGD: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...building import Piece
from ...support.answers import as_number, number
from ...support.cases import case_rng
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right


def check_parameters(count):
    """Say whether ``count`` is how many parameters the lab's network has with kernels of 3×3.

    None counts as not answered yet.

    >>> check_parameters(62_346)
    not yet: those are the parameters with kernels of 5×5
    """

    def network(kernel=9, channels=32, biases=1, side=5):
        first = 32 * (kernel + biases)
        second = 64 * (kernel * channels + biases)
        return first + second + 10 * (side * side * 64 + biases)

    mistakes = {
        network(kernel=25, side=4): "those are the parameters with kernels of 5×5",
        network(side=4): "with smaller kernels the last maps are larger than 4×4",
        network(channels=1): "a filter of the second layer has weights for all 32 channels",
        network(channels=1, side=4): "count the channels of the second layer, and its last maps",
        network(biases=0): "each filter and each output has a bias, too",
        network(side=7): "without padding, each convolution takes off two rows: the last maps are "
        "smaller than 7×7",
        network(side=11): "the second block is pooled, too",
        network(side=6): "11 is odd: pooling drops its last row, and 5 are left",
        network() - 10 * (25 * 64 + 1): "add the dense layer",
        32 * 10 + 64 * (9 * 32 + 32) + 10 * 1601: "one bias for each filter, not for each channel",
    }
    praise = "smaller kernels, but larger maps for the dense layer"
    return number(count, network(), praise, mistakes, "write down the shape after each layer first")


def parameters():
    """A solution: the maps go 28 → 26 → 13 → 11 → 5.

    That is 320 + 18,496 + 16,010 = 34,826. The kernels are smaller, but the maps for the dense
    layer are larger.
    """
    return 32 * (3 * 3 + 1) + 64 * (3 * 3 * 32 + 1) + 10 * (5 * 5 * 64 + 1)


def check_accuracy(function):
    """Say whether ``function(labels, predictions)`` gives the accuracy and its 95 % margin.

    A function that returns None counts as not written yet.

    >>> check_accuracy(accuracy)
    right: accuracy and margin, for few images and for many
    >>> check_accuracy(lambda labels, predictions: (labels == predictions).mean())
    not yet: return the accuracy and the margin, in this order
    """
    return _ACCURACY.check(function)


def accuracy(labels, predictions):
    """A solution: the accuracy, and the margin of its 95 % confidence interval.

    >>> accuracy(np.array([1, 2]), np.array([1, 2]))
    (1.0, 0.0)
    """
    share = float(np.mean(labels == predictions))
    margin = 1.96 * np.sqrt(share * (1 - share) / len(labels))
    return share, float(margin)


def _with_errors(images, errors):
    """Labels of ``images``, and predictions of which so many are wrong."""
    labels = np.arange(images) % 10
    predictions = labels.copy()
    predictions[:errors] = (predictions[:errors] + 1) % 10
    return labels, predictions


def _figures(rule):
    """A function as `accuracy`: ``rule`` makes its results from the accuracy and the number n."""

    def function(labels, predictions):
        return rule(np.mean(labels == predictions), len(labels))

    return function


def _error(p, n):
    return np.sqrt(p * (1 - p) / n)


_ACCURACY = Piece(
    solution=accuracy,
    steps={"": [_with_errors(100, 10), _with_errors(1600, 320), _with_errors(400, 30)]},
    outputs=("the accuracy", "the margin"),
    mistakes=(
        (
            _figures(lambda p, n: (p, _error(p, n))),
            "that is one standard error; the margin is 1.96 of them",
        ),
        (_figures(lambda p, n: (p, 1.96 * _error(p, n) ** 2)), "the root is missing"),
        (
            _figures(lambda p, n: (p, 1.96 * _error(p, 1))),
            "divide by the number of images, within the root",
        ),
        (_figures(lambda p, n: (p, 1.96 * _error(p, 1) / n)), "n stands within the root, too"),
        (
            _figures(lambda p, n: (100 * p, 196 * _error(p, n))),
            "give both as shares, not in percent",
        ),
        (
            _figures(lambda p, n: (1 - p, 1.96 * _error(p, n))),
            "that is the share of errors, 1 − accuracy",
        ),
        (
            _figures(lambda p, n: (p, 3.92 * _error(p, n))),
            "that is the whole width; the margin is to one side",
        ),
        (_figures(lambda p, n: (p, 1.96 * np.sqrt(p / n))), "the variance is p(1 − p), not p"),
        (
            _figures(lambda p, n: (p, 1.96 * _error(p, n - 1))),
            "divide by n within the root, not by n − 1",
        ),
        (_figures(lambda p, n: (p * n, 0)), "divide by the number of images"),
    ),
    praise="accuracy and margin, for few images and for many",
)


def check_rates(better, loss):
    """Say whether ``better`` beats a rate of 0.01, and ``loss`` is what the other one ends with.

    Of the rates 0.1 and 10, after two epochs. None counts as not answered yet.

    >>> check_rates(10, 2.3)
    not yet: the validation accuracy of that one is that of guessing
    """
    if better is None or loss is None:
        return not_answered()
    better, loss = as_number(better), as_number(loss)
    if better is None or loss is None:
        return not_yet("expected two numbers, a rate and a loss")
    if better == 10:
        return not_yet("the validation accuracy of that one is that of guessing")
    if better != 0.1:
        return not_yet("two rates were tried, 0.1 and 10; give one of them")
    if not loss > 0:
        return not_yet("`history['loss'][-1]` is the loss; it is a positive number")
    if loss < 0.9 * np.log(10):
        return not_yet("that is a loss of the rate that learns; the other's is asked for")
    if loss > 3:
        return not_yet("take the last epoch's loss: the first holds the steps that overshoot")
    return right("with 10, the loss of a network that has given up, near log(10)")


def rates():
    """A solution: 0.1, and near log(10).

    ```python
    for rate in (0.1, 10):
        net = Sequential(first() + second() + classifier(), input_shape=(28, 28, 1), seed=0)
        net.compile(optimizers.SGD(rate), losses.SoftmaxCrossEntropy())
        net.fit(x, y, batch_size=100, epochs=2, validation_data=(val_x, val_y))
    ```

    With 0.1 the network learns much faster than with 0.01. With 10 it learns nothing: the first
    steps overshoot so far that the ReLUs of its last maps give 0 for every image. Then no gradient
    gets through, all images get the same prediction, and the loss stays near log(10).
    """
    return 0.1, 2.31


def check_nearest(function):
    """Say whether ``function(train, labels, images)`` gives each image its nearest one's label.

    A function that returns None counts as not written yet.

    >>> check_nearest(nearest)
    right: each image has the label of its nearest neighbour
    >>> check_nearest(lambda train, labels, images: labels)
    not yet: the shape should be (20,), yours is (60,)
    """
    return _NEAREST.check(function)


def nearest(train, labels, images):
    """A solution: the label of the training image with the smallest sum of squared differences.

    With all training images in memory at once, (m, n, pixels) grows too large for MNIST;
    Σ(a − b)² = Σa² − 2Σab + Σb² needs only (m, n).

    >>> nearest(np.array([[0.0], [1.0]]), np.array([7, 3]), np.array([[0.9], [0.2]]))
    array([3, 7])
    """
    squares = ((images[:, None] - train) ** 2).sum(axis=-1)  # (m, n)
    return labels[squares.argmin(axis=1)]  # (m,)


def _neighbourhood(count, pixels, wanted):
    """``count`` training images, their labels, and as many images as ``wanted``, all drawn."""
    rng = case_rng(count)
    images = rng.random((count + wanted, pixels)).astype(np.float32)
    return images[:count], rng.permutation(count) % 10, images[count:]


def _by(distance):
    """`nearest` with another ``distance`` of the differences (m, n, pixels)."""

    def function(train, labels, images):
        return labels[distance(images[:, None] - train).argmin(axis=1)]

    return function


_NEAREST = Piece(
    solution=nearest,
    steps={"": [_neighbourhood(60, 12, 20), _neighbourhood(40, 30, 11)]},
    outputs=("a label for each image",),
    mistakes=(
        (
            lambda train, labels, images: nearest(train, np.arange(len(train)), images),
            "that is the position of the nearest image; take the label there",
        ),
        (_by(lambda d: -(d**2).sum(axis=-1)), "that is the farthest one"),
        (
            _by(lambda d: d.sum(axis=-1)),
            "differences of both signs cancel: square each before you sum",
        ),
        (_by(lambda d: d.sum(axis=-1) ** 2), "square each difference, not their sum"),
        (
            _by(lambda d: abs(d).sum(axis=-1)),
            "those are sums of absolute differences; square them instead",
        ),
        (_by(lambda d: abs(d).max(axis=-1)), "all differences count, not the largest alone"),
        (
            lambda train, labels, images: labels[(images @ train.T).argmax(axis=1)],
            "the largest product is not the smallest distance: bright images win",
        ),
    ),
    praise="each image has the label of its nearest neighbour",
)

EXERCISES = (
    Exercise(1, "Smaller kernels", check_parameters, parameters),
    Exercise(2, "An accuracy and its margin", check_accuracy, accuracy),
    Exercise(3, "Two learning rates", check_rates, rates),
    Exercise(4, "The nearest neighbour", check_nearest, nearest),
)
