"""The last piece: the training loop, tried on real digits."""

from functools import cache

import numpy as np

from ....support.answers import called, is_verdict
from ....support.verdict import not_answered, not_yet, right
from .adam_step import adam
from .network import Network
from .parts import Parts

BATCH = 50
COUNT = 120  # images of the first trial: two batches and a smaller one
EPOCHS = 5  # on the digits
ENOUGH = 0.9  # of the test digits correct


def fit(network, images, labels, epochs, rng):
    """A solution: the loop of section 4, with Adam's step for each parameter."""
    moments = {name: (0 * array, 0 * array) for name, array in network.parameters.items()}
    t = 0
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for start in range(0, len(images), 50):
            batch = order[start : start + 50]
            t += 1
            _, gradients = network.gradients(images[batch], labels[batch])
            for name, g in gradients.items():
                new, *moments[name] = adam(network.parameters[name], g, *moments[name], t, 0.005)
                network.parameters[name] = new


@cache
def digits():
    """scikit-learn's digits of 8×8 pixels: images and labels to train on, and to test on."""
    from sklearn.datasets import load_digits  # takes most of a second: only when wanted

    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8, 1) / 16
    test = np.arange(len(labels)) % 4 == 0
    return images[~test], labels[~test], images[test], labels[test]


def accuracy(fit, parts):
    """The share of the test digits that a network of these ``parts`` gets right after ``fit``."""
    network = Network(parts)
    images, labels, test_images, test_labels = digits()
    fit(network, images.copy(), labels.copy(), EPOCHS, np.random.default_rng(0))
    return np.mean(network.predict(test_images) == test_labels)


def check_fit(function):
    """Say whether ``function(network, images, labels, epochs, rng)`` trains a `Network`.

    It goes ``epochs`` times through all images, each time in a new order drawn from ``rng``, in
    batches of 50, and takes a step for each. Then it is tried on 1,347 digits. A function that does
    nothing counts as not written yet.

    >>> check_fit(lambda network, images, labels, epochs, rng: None)
    not answered yet
    """
    if function is None:
        return not_answered()
    watched = called(_watched, function)
    if is_verdict(watched):
        return watched
    if not watched.batches:
        return not_answered()
    fault = watched.fault()
    if fault:
        return not_yet(fault)
    reached = called(accuracy, function, Parts())
    if is_verdict(reached):
        return reached
    if reached < ENOUGH:
        return not_yet(f"after {EPOCHS} epochs only {reached:.0%} of the test digits are correct")
    return right(f"after {EPOCHS} epochs {reached:.1%} of {len(digits()[3])} test digits")


def _watched(fit):
    """A network that noted which images it got, after two epochs of ``fit``."""
    network = _Watched()
    fit(network, *map(np.copy, _NUMBERED), 2, np.random.default_rng(0))
    return network


def train(function, parts):
    """Train a network of ``parts`` by a student's ``fit``, or ours where theirs is not right.

    Prints the accuracy, and whose functions it took.
    """
    own = check_fit(function)
    reached = accuracy(function if own else fit, parts)
    print(f"{reached:.1%} of {len(digits()[3])} test digits, by {'your' if own else 'our'} fit")
    print(parts)


# Each image is known by its first pixel
_NUMBERED = np.zeros((COUNT, 8, 8, 1)), np.arange(COUNT) % 10
_NUMBERED[0][:, 0, 0, 0] = np.arange(COUNT)


class _Watched(Network):
    """A network that notes which images it was given."""

    def __init__(self):
        super().__init__()
        self.batches = []
        self.labels_belong = True
        self.before = {name: array.copy() for name, array in self.parameters.items()}

    def gradients(self, images, labels):
        numbers = images[:, 0, 0, 0].astype(int)
        self.batches.append(numbers)
        self.labels_belong &= np.array_equal(numbers % 10, labels)
        return super().gradients(images, labels)

    def fault(self):
        """What was wrong with two epochs, in words; None if nothing was."""
        seen = np.concatenate(self.batches)
        sizes = [len(batch) for batch in self.batches]
        whole = [BATCH, BATCH, COUNT - 2 * BATCH]
        if sizes == whole:
            return "that is one epoch, not two"
        if sizes == [BATCH, BATCH] * 2:
            return "the images that are left over make a batch, too"
        if sizes != whole * 2:
            wanted, given = (", ".join(map(str, each)) for each in (whole, sizes))
            return f"batches of {wanted} in each of two epochs, not {given}"
        if any(len(set(epoch)) < COUNT for epoch in np.split(seen, 2)):
            return "each epoch takes every image once"
        if not self.labels_belong:
            return "an image keeps its label: take both by the same order"
        if np.array_equal(seen[:COUNT], np.arange(COUNT)):
            return "shuffle the images"
        if np.array_equal(seen[:COUNT], seen[COUNT:]):
            return "shuffle anew in each epoch"
        if any(np.array_equal(self.before[name], self.parameters[name]) for name in self.before):
            return "not all parameters have changed: network.parameters[name] = …"
        return None
