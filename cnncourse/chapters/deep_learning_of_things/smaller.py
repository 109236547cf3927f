"""Smaller networks out of a trained one, and how well they do from three seeds.

    python -m cnncourse.chapters.deep_learning_of_things.smaller

trains all of them in about a minute and prints ``BY_SEED`` anew.

Sources: Li et al., *Pruning Filters for Efficient ConvNets*, 2017; Hinton, Vinyals & Dean,
*Distilling the Knowledge in a Neural Network*, 2015.
"""

import numpy as np

from ... import Sequential, layers, networks, quantization
from ...datasets import load
from ...optimizers import Adam

SEEDS, CALIBRATION = range(3), 300
TEMPERATURE = 3.0

# correct predictions of 2,000 test images in %, of the seeds 0 to 2
BY_SEED = {
    "float32": [96.7, 96.15, 96.1],
    "int8": [96.7, 96.2, 96.1],
    "pruned, float32": [96.95, 97.0, 97.2],
    "pruned, int8": [96.95, 97.05, 97.1],
    "small, from labels": [96.35, 96.65, 96.55],
    "small, from both": [96.8, 96.15, 95.75],
}


def digits():
    """MNIST's first 10,000 training and 2,000 test images."""
    return load("mnist", quick=True)


def chain(filters, seed):
    """The tutorial's network with other numbers of ``filters`` in its two convolutions, compiled.

    >>> chain((8, 16), 0).count_params()
    5994
    """
    model = Sequential(input_shape=(28, 28, 1), seed=seed)
    for count in filters:
        model.add(layers.Conv2D(count, 5, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(Adam(0.002))
    return model


def teacher(train, seed):
    """The tutorial's network, trained for two epochs."""
    model = networks.tutorial(seed=seed)
    model.compile(Adam(0.002))
    model.fit(train.images, train.labels, batch_size=50, epochs=2, verbose=0)
    return model


def pruned(model, train, share=0.5, epochs=1):
    """A tutorial's network with the ``share`` of its filters that weigh most, trained further.

    ``model``: the network, which stays as it is. Of each convolution those filters are taken whose
    weights' sizes sum to most; the next layer loses the weights that read the others. ``epochs``:
    of training afterwards, on ``train``.
    """
    first, bias1, second, bias2, dense, bias3 = model.get_weights()
    one, two = (_strongest(kernel, share) for kernel in (first, second))
    maps = dense.reshape(4, 4, second.shape[3], 10)  # the dense layer's rows, by map
    smaller = chain((len(one), len(two)), seed=0)
    smaller.set_weights(
        [
            first[..., one],
            bias1[one],
            second[:, :, one][..., two],  # (5, 5, fewer, fewer)
            bias2[two],
            maps[:, :, two].reshape(-1, 10),
            bias3,
        ]
    )
    if epochs:
        smaller.fit(train.images, train.labels, batch_size=50, epochs=epochs, verbose=0)
    return smaller


def _strongest(kernel, share):
    """The numbers of the filters whose weights' sizes sum to most, in their order."""
    sizes = abs(kernel).sum(axis=(0, 1, 2))  # (O,)
    return np.sort(np.argsort(-sizes, kind="stable")[: round(share * len(sizes))])


def softened(probabilities, temperature):
    """``probabilities`` (N, K) as a softmax of logits divided by ``temperature`` gives them.

    >>> softened(np.array([[0.9, 0.09, 0.01]]), 2).round(2)
    array([[0.7 , 0.22, 0.07]])
    """
    raised = np.maximum(probabilities, 1e-12) ** (1 / temperature)
    return raised / raised.sum(axis=1, keepdims=True)


def with_predictions(labels, probabilities):
    """Targets (N, 10) to learn from: half of them the labels, half a teacher's predictions.

    ``labels``: (N,); ``probabilities``: (N, 10), which are softened first.

    >>> with_predictions(np.array([1]), np.array([[0.5, 0.5] + 8 * [0.0]]))[0, :3].round(2)
    array([0.25, 0.75, 0.  ], dtype=float32)
    """
    one_hot = np.eye(10)[labels]
    return np.float32((one_hot + softened(probabilities, TEMPERATURE)) / 2)


def student(train, targets, seed, epochs=4):
    """A small network, trained on ``targets``: labels (N,), or probabilities (N, 10)."""
    model = chain((8, 16), seed)
    model.fit(train.images, targets, batch_size=50, epochs=epochs, verbose=0)
    return model


def accuracies(seed):
    """Correct predictions in % of each kind of network, in a dict."""
    train, test = digits().train, digits().test
    large = teacher(train, seed)
    images = train.images[:CALIBRATION]
    half = pruned(large, train)
    taught = with_predictions(train.labels, large.predict(train.images))
    models = {
        "float32": large,
        "pruned, float32": half,
        "small, from labels": student(train, train.labels, seed),
        "small, from both": student(train, taught, seed),
    }
    found = {name: model.evaluate(test.images, test.labels)[1] for name, model in models.items()}
    for name, model in (("int8", large), ("pruned, int8", half)):
        found[name] = quantization.quantize(model, images).evaluate(test.images, test.labels)
    return {name: round(100 * found[name], 2) for name in BY_SEED}


def main():
    by_seed = [accuracies(seed) for seed in SEEDS]
    for name in by_seed[0]:
        print(f'    "{name}": {[run[name] for run in by_seed]},')


if __name__ == "__main__":
    main()
