"""The last piece: the training loop, tried on real digits."""

from functools import cache

import numpy as np

from .adam_step import adam
from .convolution_pass import convolution_backward
from .network import Network
from .softmax_loss import loss

BATCH = 50
ENOUGH = 0.9  # of the test digits correct


class _Watched(Network):
    """A network that notes which images it was given."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def gradients(self, images, labels):
        self.batches.append(images[:, 0, 0, 0].astype(int))
        return super().gradients(images, labels)


@cache
def digits():
    """scikit-learn's digits of 8×8 pixels: images and labels to train on, and to test on."""
    from sklearn.datasets import load_digits  # takes most of a second: only when wanted

    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8, 1) / 16
    test = np.arange(len(labels)) % 4 == 0
    return images[~test], labels[~test], images[test], labels[test]


def check_fit(fit, loss=loss, convolution_backward=convolution_backward):
    """Say whether ``fit(network, images, labels, epochs, rng)`` trains a `Network`.

    It goes ``epochs`` times through all images, each time in a new order drawn from ``rng``, in
    batches of 50, and takes a step for each. Then it is tried on 1,347 digits, with the ``loss``
    and ``convolution_backward`` given. Prints one line.

    >>> check_fit(lambda network, images, labels, epochs, rng: None)
    not answered yet
    """
    count = 120
    watched = _Watched()
    before = {name: array.copy() for name, array in watched.parameters.items()}
    images = np.zeros((count, 8, 8, 1))
    images[:, 0, 0, 0] = np.arange(count)
    fit(watched, images, np.arange(count) % 10, 2, np.random.default_rng(0))
    if not watched.batches:
        print("not answered yet")
        return
    seen = np.concatenate(watched.batches)
    sizes = [len(batch) for batch in watched.batches]
    if len(seen) == count and sizes == [50, 50, 20]:
        verdict = "that is one epoch, not two"
    elif sizes == [50, 50] * 2:
        verdict = "the images that are left over make a batch, too"
    elif sizes != [50, 50, 20] * 2:
        verdict = (
            f"batches of 50, 50 and 20 in each of two epochs, not {', '.join(map(str, sizes))}"
        )
    elif any(len(set(epoch)) < count for epoch in np.split(seen, 2)):
        verdict = "each epoch takes every image once"
    elif np.array_equal(seen[:count], np.arange(count)):
        verdict = "shuffle the images"
    elif np.array_equal(seen[:count], seen[count:]):
        verdict = "shuffle anew in each epoch"
    elif any(np.array_equal(before[name], watched.parameters[name]) for name in before):
        verdict = "not all parameters have changed: network.parameters[name] = …"
    else:
        print(_trained(fit, loss, convolution_backward))
        return
    print(f"not yet: {verdict}")


def _trained(fit, loss, convolution_backward):
    """What comes out of a training on real digits."""
    network = Network(loss, convolution_backward)
    images, labels, test_images, test_labels = digits()
    try:
        fit(network, images, labels, 10, np.random.default_rng(0))
    except TypeError as error:
        return f"not yet: exercises 3 to 5 must work first ({error})"
    accuracy = np.mean(network.predict(test_images) == test_labels)
    if accuracy > ENOUGH:
        return f"right: a CNN of your own, {accuracy:.1%} of {len(test_labels)} test digits"
    return f"not yet: after ten epochs only {accuracy:.0%} of the test digits are correct"


def fit(network, images, labels, epochs, rng, rate=0.003):
    """A solution: the loop of section 4, with Adam's step for each parameter."""
    moments = {name: (0 * array, 0 * array) for name, array in network.parameters.items()}
    t = 0
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for start in range(0, len(images), BATCH):
            batch = order[start : start + BATCH]
            t += 1
            _, gradients = network.gradients(images[batch], labels[batch])
            for name, g in gradients.items():
                new, *moments[name] = adam(network.parameters[name], g, *moments[name], t, rate)
                network.parameters[name] = new
