"""Networks of several depths, with and without shortcuts: gradients, and what training reaches.

    python -m cnncourse.chapters.going_deeper.depths

trains 120 networks in some minutes and prints ``LOSSES`` anew.
"""

import numpy as np

from ... import Sequential, layers, optimizers, schedules
from ...datasets import load

DEPTHS, SEEDS = (4, 8, 16, 32), range(10)
IMAGES, EPOCHS, BATCH, RATE = 5000, 2, 50, 0.003
SOME = 2000  # training images on which the loss is taken at the end

# training loss of the seeds 0 to 9, by the number of convolutions
LOSSES = {
    "plain": {
        4: [1.289, 1.624, 1.509, 1.272, 1.153, 1.254, 1.453, 1.157, 1.602, 1.239],
        8: [1.029, 1.896, 1.134, 1.153, 1.949, 1.348, 1.984, 1.446, 1.801, 1.797],
        16: [2.053, 1.679, 1.834, 2.302, 2.302, 2.302, 2.302, 2.302, 2.302, 2.302],
        32: [2.302, 2.302, 2.302, 2.302, 2.302, 2.302, 2.302, 2.302, 2.302, 2.302],
    },
    "plain, with batch normalisation": {
        4: [1.366, 1.255, 1.372, 1.387, 1.247, 1.452, 1.383, 1.471, 1.285, 1.578],
        8: [1.311, 1.259, 1.193, 1.28, 1.24, 1.178, 1.334, 1.29, 1.217, 1.166],
        16: [1.502, 1.565, 1.367, 1.473, 1.482, 1.373, 1.442, 1.306, 1.386, 1.341],
        32: [1.626, 1.851, 1.853, 1.847, 1.83, 2.048, 2.054, 1.694, 1.557, 1.811],
    },
    "residual, with batch normalisation": {
        4: [1.281, 1.105, 1.273, 1.331, 1.209, 1.414, 1.317, 1.35, 1.233, 1.478],
        8: [1.057, 1.033, 0.967, 1.084, 0.936, 0.908, 0.878, 0.986, 0.977, 0.961],
        16: [0.989, 0.89, 0.821, 1.229, 0.891, 0.802, 0.963, 0.8, 0.771, 0.844],
        32: [0.738, 0.975, 0.646, 0.898, 0.734, 0.729, 0.775, 0.835, 0.94, 0.998],
    },
}


def pair(normalise=False):
    """Two convolutions of 3×3 with 8 filters, and ReLU between them.

    ``normalise``: whether they take He's initialisation, and batch normalisation behind each.
    """
    start = "he_normal" if normalise else "glorot_uniform"
    chain = []
    for _ in range(2):
        chain.append(layers.Conv2D(8, 3, padding="same", kernel_initializer=start))
        chain += [layers.BatchNormalization(momentum=0.9)] if normalise else []
        chain.append(layers.ReLU())
    return chain[:-1]  # the last ReLU comes behind the sum, where there is one


def network(depth, shortcut, normalise=False, seed=0):
    """``depth`` convolutions in pairs on maps of 7×7, with or without a shortcut past each pair."""
    model = Sequential(input_shape=(28, 28, 1), seed=seed)
    model.add(layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"))
    model.add(layers.MaxPooling2D(2))
    for _ in range(depth // 2):
        if shortcut:
            model.add(layers.Residual(pair(normalise), activation="relu"))
        else:
            for layer in [*pair(normalise), layers.ReLU()]:
                model.add(layer)
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10))
    return model


def convolutions(model):
    """The convolutions of the pairs, from the image on: all but the first."""
    parts = [part for layer in model.layers for part in layer.parts]
    return [layer for layer in parts if isinstance(layer, layers.Conv2D)][1:]


def gradient_norms(model, images, labels):
    """The norm of the gradient of each convolution's weights, for one batch, before training."""
    model.compile(optimizers.SGD(0.1), "softmax_cross_entropy")
    model.loss(model.scores(images, training=True), labels)
    model.backward(model.loss.gradient(), need_input_gradient=False)
    return [np.linalg.norm(layer.gradients["kernel"]) for layer in convolutions(model)]


KINDS = {  # shortcut, normalise
    "plain": (False, False),
    "plain, with batch normalisation": (False, True),
    "residual, with batch normalisation": (True, True),
}


def training_loss(kind, depth, seed, images, labels, epochs=EPOCHS):
    """The loss on the first training images, after training."""
    model = network(depth, *KINDS[kind], seed=seed)
    steps = epochs * -(-len(images) // BATCH)
    model.compile(optimizers.Adam(schedules.CosineDecay(RATE, decay_steps=steps)))
    model.fit(images, labels, batch_size=BATCH, epochs=epochs, verbose=0)
    return model.evaluate(images[:SOME], labels[:SOME])[0]


def main():
    train = load("fashion-mnist", quick=True).train
    images, labels = train.images[:IMAGES], train.labels[:IMAGES]
    found = {kind: {depth: [] for depth in DEPTHS} for kind in KINDS}
    for seed in SEEDS:
        for depth in DEPTHS:
            for kind in KINDS:
                loss = round(training_loss(kind, depth, seed, images, labels), 3)
                print(f"# seed {seed}, {kind}, {depth}: {loss}", flush=True)
                found[kind][depth].append(loss)
    print(f"LOSSES = {found}")


if __name__ == "__main__":
    main()
