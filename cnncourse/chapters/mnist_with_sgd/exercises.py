"""Exercises of the lab with SGD: their checks, which say what is wrong, and solutions to read."""

import numpy as np


def check_parameters(count):
    """Say whether ``count`` is how many parameters the lab's network has with kernels of 3×3.

    Prints one line; None counts as not answered yet.

    >>> check_parameters(62_346)
    not yet: those are the parameters with kernels of 5×5
    """

    def network(kernel=9, channels=32, biases=1, side=5):
        first = 32 * (kernel + biases)
        second = 64 * (kernel * channels + biases)
        return first + second + 10 * (side * side * 64 + biases)

    wrong = {
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
    if count is None:
        print("not answered yet")
    elif count == network():
        print("right: smaller kernels, but larger maps for the dense layer")
    else:
        print(f"not yet: {wrong.get(count, 'write down the shape behind each layer first')}")


def check_accuracy(function):
    """Say whether ``function(labels, predictions)`` gives the accuracy and its 95 % margin.

    Prints one line; a function that returns None counts as not written yet.

    >>> check_accuracy(accuracy)
    right: accuracy and margin, for few images and for many
    >>> check_accuracy(lambda labels, predictions: (labels == predictions).mean())
    not yet: return two numbers, the accuracy and the margin
    """
    found = []
    for labels, predictions in _cases():
        with np.errstate(all="ignore"):
            result = function(labels.copy(), predictions.copy())
        if result is None:
            print("not answered yet")
            return
        if np.shape(result) != (2,):
            print("not yet: return two numbers, the accuracy and the margin")
            return
        found.append([float(value) for value in result])

    def same(rule):
        expected = [
            rule(np.mean(labels == said), len(labels), np.std(labels == said))
            for labels, said in _cases()
        ]
        return np.allclose(found, expected, rtol=0.002, equal_nan=True)

    mistakes = [hint for hint, rule in MISTAKES.items() if same(rule)]
    if same(lambda p, n, std: (p, 1.96 * std / np.sqrt(n))):
        print("right: accuracy and margin, for few images and for many")
    elif mistakes:
        print(f"not yet: {mistakes[0]}")
    elif np.allclose([p for p, _ in found], [np.mean(a == b) for a, b in _cases()]):
        print("not yet: the accuracy is right; compare the margin with section 8's rule")
    else:
        print("not yet: the accuracy is the share of images whose prediction equals the label")


def _cases():
    """Labels and predictions: 100 images with 10 errors, and 1,600 with 320."""
    for images, errors in (100, 10), (1600, 320):
        labels = np.arange(images) % 10
        predictions = labels.copy()
        predictions[:errors] = (predictions[:errors] + 1) % 10
        yield labels, predictions


MISTAKES = {
    "that is one standard error; the margin is 1.96 of them": lambda p, n, std: (
        p,
        std / np.sqrt(n),
    ),
    "the root is missing": lambda p, n, std: (p, 1.96 * std**2 / n),
    "divide by the number of images, within the root": lambda p, n, std: (p, 1.96 * std),
    "n stands within the root, too": lambda p, n, std: (p, 1.96 * std / n),
    "give both as shares, not in percent": lambda p, n, std: (
        100 * p,
        196 * std / np.sqrt(n),
    ),
    "that is the share of errors, 1 − accuracy": lambda p, n, std: (
        1 - p,
        1.96 * std / np.sqrt(n),
    ),
    "that is the whole width; the margin is to one side": lambda p, n, std: (
        p,
        3.92 * std / np.sqrt(n),
    ),
    "the variance is p(1 − p), not p": lambda p, n, std: (p, 1.96 * np.sqrt(p / n)),
    "divide by n within the root, not by n − 1": (
        lambda p, n, std: (p, 1.96 * std / np.sqrt(n - 1))
    ),
    "the accuracy comes first": lambda p, n, std: (1.96 * std / np.sqrt(n), p),
}


def accuracy(labels, predictions):
    """A solution: the accuracy, and the margin of its 95 % confidence interval.

    >>> accuracy(np.array([1, 2]), np.array([1, 2]))
    (1.0, 0.0)
    """
    share = float(np.mean(labels == predictions))
    margin = 1.96 * np.sqrt(share * (1 - share) / len(labels))
    return share, float(margin)


def check_nearest(function):
    """Say whether ``function(train, labels, images)`` gives each image its nearest one's label.

    Prints one line; a function that returns None counts as not written yet.

    >>> check_nearest(nearest)
    right: each image has the label of its nearest neighbour
    >>> check_nearest(lambda train, labels, images: labels)
    not yet: give one label for each image, (20,), not (60,)
    """
    train, labels, images = _neighbourhood()
    said = function(train.copy(), labels.copy(), images.copy())
    if said is None:
        print("not answered yet")
        return
    said = np.asarray(said)
    if said.shape != labels[: len(images)].shape:
        print(f"not yet: give one label for each image, ({len(images)},), not {said.shape}")
        return
    mistakes = _mistaken_neighbours(train, labels, images)
    named = [hint for hint, wrong in mistakes.items() if np.array_equal(said, wrong)]
    if np.array_equal(said, nearest(train, labels, images)):
        print("right: each image has the label of its nearest neighbour")
    else:
        print(f"not yet: {named[0] if named else 'sum the squared differences over the pixels'}")


def _neighbourhood():
    """60 training images of 12 pixels, their labels, and 20 images; all positions differ."""
    rng = np.random.default_rng(0)
    pixels = rng.random((80, 12)).astype(np.float32)
    return pixels[:60], rng.permutation(60) % 10, pixels[60:]


def _mistaken_neighbours(train, labels, images):
    differences = images[:, None] - train  # (m, n, pixels)
    squares = (differences**2).sum(axis=-1)  # (m, n)
    return {
        "that is the position of the nearest image; take the label there": squares.argmin(axis=1),
        "that is the farthest one": labels[squares.argmax(axis=1)],
        "differences of both signs cancel: square each before you sum": labels[
            differences.sum(axis=-1).argmin(axis=1)
        ],
        "square each difference, not their sum": labels[
            (differences.sum(axis=-1) ** 2).argmin(axis=1)
        ],
        "those are sums of absolute differences; square them instead": labels[
            abs(differences).sum(axis=-1).argmin(axis=1)
        ],
        "the largest product is not the smallest distance: bright images win": labels[
            (images @ train.T).argmax(axis=1)
        ],
    }


def nearest(train, labels, images):
    """A solution: the label of the training image with the smallest sum of squared differences.

    >>> nearest(np.array([[0.0], [1.0]]), np.array([7, 3]), np.array([[0.9], [0.2]]))
    array([3, 7])
    """
    squares = ((images[:, None] - train) ** 2).sum(axis=-1)  # (m, n)
    return labels[squares.argmin(axis=1)]  # (m,)


def check_rates(better, loss):
    """Say whether ``better`` beats a rate of 0.01, and ``loss`` is what the other one ends with.

    Of the rates 0.1 and 10, after two epochs. Prints one line; None counts as not answered yet.

    >>> check_rates(10, 2.3)
    not yet: the validation accuracy of that one is that of guessing
    """
    if better is None or loss is None:
        print("not answered yet")
    elif better == 10:
        print("not yet: the validation accuracy of that one is that of guessing")
    elif better != 0.1:
        print("not yet: two rates were tried, 0.1 and 10; give one of them")
    elif loss < 0.9 * np.log(10):
        print("not yet: that is a loss of the rate that learns; the other's is asked for")
    elif loss > 3:
        print("not yet: take the last epoch's loss: the first holds the steps that overshoot")
    elif loss > 0:
        print("right: with 10, the loss of a network that has given up, near log(10)")
    else:
        print("not yet: `history['loss'][-1]` is the loss; it is a positive number")
