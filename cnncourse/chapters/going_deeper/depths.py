"""Networks of several depths, with and without shortcuts: gradients, and what training reaches.

    python -m cnncourse.chapters.going_deeper.depths

trains 36 networks in some minutes and prints ``LOSSES`` anew.
"""

import numpy as np

from ... import Sequential, layers, optimizers, schedules
from ...datasets import load

DEPTHS, SEEDS = (4, 8, 16, 32), range(3)
IMAGES, EPOCHS, BATCH, RATE = 5000, 2, 50, 0.003
SOME = 2000  # training images on which the loss is taken at the end

# training loss of the seeds 0 to 2, by the number of convolutions
LOSSES = {
    "plain": {
        4: [1.289, 1.671, 1.509],
        8: [1.029, 1.897, 1.134],
        16: [2.039, 1.708, 1.834],
        32: [2.302, 2.302, 2.302],
    },
    "plain, with batch normalisation": {
        4: [1.366, 1.255, 1.372],
        8: [1.32, 1.258, 1.193],
        16: [1.485, 1.477, 1.385],
        32: [1.728, 1.881, 1.614],
    },
    "residual, with batch normalisation": {
        4: [1.281, 1.105, 1.273],
        8: [1.058, 1.033, 0.967],
        16: [0.988, 0.891, 0.823],
        32: [0.74, 1.016, 0.664],
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
