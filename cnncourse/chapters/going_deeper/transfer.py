"""A network's weights, used again for classes that it has never seen.

A seed stands for the few images that are drawn, for all new weights, and for the two networks that
weights are taken from, one trained on digits and one on clothes: another one has learned other
filters.

    python -m cnncourse.chapters.going_deeper.transfer

trains 270 small networks in some minutes and prints ``BY_SIZE`` and the other pairs of
``BY_PAIR`` anew.
"""

import numpy as np

from ... import Sequential, layers, optimizers
from ...datasets import load

SEEDS, SIZES, FEW = range(10), (5, 20, 100), 20
PRETRAINING, STEPS, BATCH = 3, 200, 20  # epochs of many images; steps of few

DIGITS, CLOTHES = ("mnist", range(5)), ("fashion-mnist", range(5))
# the data set and the classes that are learned first, and those that come afterwards
PAIRS = {
    "digits 0–4 → digits 5–9": (DIGITS, ("mnist", range(5, 10))),
    "digits 0–4 → clothes": (DIGITS, CLOTHES),
    "clothes → shoes, shirts and bags": (CLOTHES, ("fashion-mnist", range(5, 10))),
}
FIRST = next(iter(PAIRS))  # which is learned from more images, and from fewer, too
NEW = "from scratch", "from scratch, not normalised", "frozen, untrained"
OLD = "frozen", "fine-tuned"  # with weights of a network that was trained before
WAYS = (*NEW, *OLD)
# of Adam; chosen with other images of digits, from 0.001 to 0.006
RATES = {
    "from scratch": 0.006,
    "from scratch, not normalised": 0.006,
    "frozen, untrained": 0.006,
    "frozen": 0.003,
    "fine-tuned": 0.002,
}

# correct predictions of the test images of the new classes in %, of the seeds 0 to 9
BY_SIZE = {  # digits 0–4 → digits 5–9, by images of each class
    "from scratch": {
        5: [67.8, 58.4, 68.9, 65.7, 67.3, 59.5, 55.0, 69.1, 67.6, 69.2],
        20: [84.2, 82.8, 81.2, 81.1, 82.3, 84.4, 78.7, 76.7, 81.3, 80.4],
        100: [90.7, 92.1, 92.9, 92.0, 92.2, 90.7, 92.6, 92.5, 92.8, 92.0],
    },
    "from scratch, not normalised": {
        5: [66.2, 62.9, 73.7, 76.1, 67.6, 59.1, 61.2, 68.0, 72.8, 67.4],
        20: [85.2, 83.1, 79.6, 85.7, 83.3, 85.3, 79.9, 81.3, 79.5, 84.5],
        100: [91.6, 89.0, 91.7, 92.5, 84.5, 92.2, 94.0, 92.9, 92.9, 90.0],
    },
    "frozen, untrained": {
        5: [64.1, 62.3, 74.1, 74.9, 69.5, 63.2, 58.8, 68.5, 65.2, 68.4],
        20: [80.6, 80.2, 79.5, 74.5, 76.8, 79.9, 73.3, 71.4, 77.1, 75.6],
        100: [83.1, 81.3, 83.5, 83.4, 85.4, 83.3, 85.3, 81.3, 80.0, 83.8],
    },
    "frozen": {
        5: [78.2, 70.7, 81.0, 85.4, 84.4, 77.0, 74.6, 84.4, 79.1, 76.7],
        20: [91.2, 91.7, 89.1, 90.2, 90.2, 90.5, 89.9, 87.0, 88.1, 88.9],
        100: [94.3, 94.6, 94.0, 93.6, 94.1, 93.4, 93.9, 94.7, 93.8, 94.0],
    },
    "fine-tuned": {
        5: [79.9, 69.6, 82.0, 81.9, 81.6, 73.4, 73.1, 78.5, 78.4, 76.9],
        20: [91.8, 90.2, 87.8, 87.3, 90.9, 89.9, 86.9, 86.8, 87.6, 89.6],
        100: [94.6, 95.1, 94.7, 94.1, 94.1, 93.8, 94.2, 94.9, 94.7, 94.9],
    },
}
BY_PAIR = {  # with 20 images of each class
    FIRST: {way: runs[FEW] for way, runs in BY_SIZE.items()},
    "digits 0–4 → clothes": {
        "from scratch": [78.4, 77.4, 82.0, 81.6, 78.2, 78.7, 78.2, 79.2, 76.9, 79.7],
        "from scratch, not normalised": [
            79.4, 77.9, 80.6, 79.9, 80.4, 78.0, 77.0, 79.7, 79.8, 79.4,
        ],
        "frozen, untrained": [76.7, 75.4, 78.8, 75.7, 75.8, 76.4, 78.2, 76.7, 77.4, 77.7],
        "frozen": [77.9, 76.4, 82.2, 81.3, 79.2, 81.6, 78.2, 81.1, 82.2, 81.3],
        "fine-tuned": [78.7, 76.4, 82.7, 80.8, 78.8, 81.0, 79.8, 81.4, 80.4, 82.7],
    },
    "clothes → shoes, shirts and bags": {
        "from scratch": [89.0, 86.2, 86.4, 84.8, 86.2, 85.2, 86.3, 84.1, 87.7, 86.8],
        "from scratch, not normalised": [
            89.0, 88.2, 89.5, 86.3, 86.3, 87.9, 85.9, 86.4, 89.2, 85.6,
        ],
        "frozen, untrained": [86.9, 81.4, 85.1, 84.0, 85.7, 85.6, 83.4, 83.2, 84.2, 83.7],
        "frozen": [85.9, 85.9, 87.5, 85.7, 88.1, 85.9, 84.3, 85.0, 87.0, 87.2],
        "fine-tuned": [88.7, 86.3, 87.2, 86.9, 88.3, 85.0, 84.7, 86.2, 87.3, 87.8],
    },
}  # fmt: skip


def classes(split, chosen):
    """The images of some classes, and their labels, counted from 0."""
    chosen = list(chosen)
    known = np.isin(split.labels, chosen)
    return split.images[known], np.searchsorted(chosen, split.labels[known])


def few_of_each(labels, count, rng):
    """Positions of ``count`` images of each class, drawn at random.

    >>> few_of_each(np.array([0, 1, 0, 1, 1]), 2, np.random.default_rng(0)).size
    4
    """
    by_class = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return np.concatenate([rng.choice(positions, count, replace=False) for positions in by_class])


def network(seed, normalise=True):
    """Three convolutions with a stride of 2 and a dense layer for five classes.

    ``normalise``: whether batch normalisation follows on each convolution.
    """
    model = Sequential(input_shape=(28, 28, 1), seed=seed)
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, 2, "same", use_bias=not normalise))
        if normalise:
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.Flatten())
    model.add(layers.Dense(5, activation="softmax"))
    return model


def pretrained(images, labels, seed):
    """A network that has been trained on plenty of images."""
    model = network(seed)
    model.compile(optimizers.Adam(0.002))
    model.fit(images, labels, batch_size=100, epochs=PRETRAINING, verbose=0)
    return model


def started(way, source, seed):
    """A network before it sees the few images.

    The ways in `OLD` begin with the weights of ``source``, but for the last layer, those in `NEW`
    with new ones. Where it is frozen, only the last layer learns.
    """
    # other seeds than the source, or new weights would be as its own began
    model = network(seed + 100, normalise=way != "from scratch, not normalised")
    for layer, trained in zip(model.layers[:-1], source.layers, strict=False):
        if way in OLD:
            layer.set_weights(trained.get_weights())
        layer.trainable = not way.startswith("frozen")
    model.compile(optimizers.Adam(RATES[way]))
    return model


def accuracy(way, source, few, test, seed):
    """Correct predictions in %, after training on ``few``: images, labels; as is ``test``."""
    model = started(way, source, seed)
    model.fit(*few, batch_size=BATCH, epochs=BATCH * STEPS // len(few[0]), verbose=0)
    return round(100 * model.evaluate(*test)[1], 1)


def accuracies(source, new, size, seed):
    """way → correct predictions in %, with ``size`` images of each class, for one seed.

    ``new``: a data set's name, and its classes.
    """
    name, chosen = new
    data = load(name, quick=True)
    images, labels = classes(data.train, chosen)
    positions = few_of_each(labels, size, np.random.default_rng(seed))
    few, test = (images[positions], labels[positions]), classes(data.test, chosen)
    return {way: accuracy(way, source, few, test, seed) for way in WAYS}


def main():
    by_size = {way: {size: [] for size in SIZES} for way in WAYS}
    by_pair = {pair: {way: [] for way in WAYS} for pair in PAIRS if pair is not FIRST}
    for seed in SEEDS:
        sources = {}
        for name, chosen in (DIGITS, CLOTHES):  # all of MNIST comes with the course
            many = load(name, quick=name != "mnist").train
            sources[name] = pretrained(*classes(many, chosen), seed)
        for pair, ((name, _), new) in PAIRS.items():
            for size in SIZES if pair is FIRST else (FEW,):
                found = accuracies(sources[name], new, size, seed)
                print(f"# seed {seed}, {pair}, {size} of each: {found}", flush=True)
                for way in WAYS:
                    runs = by_size[way][size] if pair is FIRST else by_pair[pair][way]
                    runs.append(found[way])
    print(f"BY_SIZE = {by_size}\nBY_PAIR = {{FIRST: …}} | {by_pair}")


if __name__ == "__main__":
    main()
