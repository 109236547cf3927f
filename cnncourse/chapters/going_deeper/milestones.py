"""Six milestones at the size of our images, and how well they do from three seeds.

    python -m cnncourse.chapters.going_deeper.milestones

trains all of them in a few minutes and prints ``BY_SEED`` anew. The chapter builds the same
networks before your eyes; its last cell checks that they are the same.
"""

from ... import Sequential, layers, optimizers, schedules
from ...datasets import load

SEEDS, EPOCHS, BATCH = range(3), 2, 50
RATE, RATE_NORMALISED = 0.002, 0.01  # without batch normalisation, and with it

# correct predictions of 2,000 test images of Fashion-MNIST in %, of the seeds 0 to 2
BY_SEED = {
    "LeNet-5": [81.55, 82.05, 82.1],
    "AlexNet's ideas": [79.35, 81.75, 80.25],
    "VGG's plan": [82.0, 81.5, 82.85],
    "1×1, global pooling": [65.9, 68.55, 69.3],
    "ResNet's plan": [85.3, 85.55, 84.75],
    "separable": [81.55, 82.4, 81.1],
}


def lenet():
    """LeNet-5 (1998), for images of 28×28."""
    return [
        layers.Conv2D(6, 5, padding="same", activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="tanh"),
        layers.Dense(84, activation="tanh"),
        layers.Dense(10, activation="softmax"),
    ]


def alexnet():
    """The ideas of AlexNet (2012): ReLU, max pooling with windows that overlap, dropout."""
    return [
        layers.Conv2D(8, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(3, 2),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(3, 2),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]


def vgg():
    """The plan of VGG (2014): blocks of 3×3 convolutions, each ended by a pooling."""
    chain = []
    for filters in (8, 16, 32):
        chain.append(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        chain.append(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        chain.append(layers.MaxPooling2D(2))
    chain += [layers.Flatten(), layers.Dense(64, activation="relu")]
    return [*chain, layers.Dense(10, activation="softmax")]


def squeezed():
    """GoogLeNet's 1×1 convolutions (2014) in front of those of 3×3, and global pooling."""
    chain = [layers.Conv2D(16, 3, padding="same", activation="relu")]
    for few, filters in ((8, 32), (16, 64)):
        chain.append(layers.MaxPooling2D(2))
        chain.append(layers.Conv2D(few, 1, activation="relu"))
        chain.append(layers.Conv2D(filters, 3, padding="same", activation="relu"))
    return [*chain, *classifier()]


def classifier():
    """The mean of each map, and a dense layer for the ten classes."""
    return [layers.GlobalAveragePooling2D(), layers.Dense(10, activation="softmax")]


def normalised(filters, strides=1):
    """A first convolution of 3×3 with batch normalisation."""
    return [
        layers.Conv2D(filters, 3, strides, "same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
    ]


def block(filters, strides=1):
    """A residual block as in ResNet (2015); the shortcut is a 1×1 convolution where shapes change.

    >>> block(32, strides=2).output_shape((14, 14, 16))
    (7, 7, 32)
    """
    chain = [*normalised(filters, strides), layers.ReLU(), *normalised(filters)]
    shortcut = None if strides == 1 else layers.Conv2D(filters, 1, strides)
    return layers.Residual(chain, shortcut, activation="relu")


def resnet():
    """The plan of ResNet: from stage to stage half the sides and twice the filters."""
    chain = [*normalised(8, strides=2), layers.ReLU()]
    for filters, strides in ((8, 1), (8, 1), (16, 2), (16, 1), (32, 2), (32, 1)):
        chain.append(block(filters, strides))
    return [*chain, *classifier()]


def separable():
    """Depthwise separable convolutions (MobileNet and Xception, 2017)."""
    chain = [*normalised(16, strides=2), layers.ReLU()]
    for filters, strides in ((32, 1), (64, 2), (64, 1)):
        chain.append(layers.SeparableConv2D(filters, 3, strides, "same", use_bias=False))
        chain += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    return [*chain, *classifier()]


MILESTONES = {  # how it is built, and whether it normalises
    "LeNet-5": (lenet, False),
    "AlexNet's ideas": (alexnet, False),
    "VGG's plan": (vgg, False),
    "1×1, global pooling": (squeezed, False),
    "ResNet's plan": (resnet, True),
    "separable": (separable, True),
}


YEARS = dict(zip(MILESTONES, (1998, 2012, 2014, 2014, 2015, 2017), strict=True))


def model(name, seed=0):
    """One of `MILESTONES`, not compiled."""
    return Sequential(MILESTONES[name][0](), input_shape=(28, 28, 1), seed=seed)


def work(model):
    """Multiply-adds for one image.

    >>> work(model("LeNet-5"))
    416520
    """
    return sum(layer.multiply_adds(layer.input_shape) for layer in model.layers)


def depth(model):
    """How many layers with weights lie one behind the other, without batch normalisation.

    A separable convolution counts as two; shortcuts do not count.

    >>> depth(model("LeNet-5"))
    5
    """
    return sum(_depth(layer) for layer in model.layers)


def _depth(layer):
    if isinstance(layer, layers.Residual):
        return sum(map(_depth, layer.layers))
    if isinstance(layer, layers.SeparableConv2D):
        return 2
    return int(isinstance(layer, layers.Conv2D | layers.Dense))


def accuracy(name, seed, train, test, epochs=EPOCHS):
    """Correct predictions of the test images in %, after training."""
    network = model(name, seed)
    rate = RATE_NORMALISED if MILESTONES[name][1] else RATE
    steps = epochs * -(-len(train) // BATCH)
    network.compile(optimizers.Adam(schedules.CosineDecay(rate, decay_steps=steps)))
    network.fit(train.images, train.labels, batch_size=BATCH, epochs=epochs, verbose=0)
    return 100 * network.evaluate(test.images, test.labels)[1]


def main():
    fashion = load("fashion-mnist", quick=True)
    found = {name: [] for name in MILESTONES}
    for seed in SEEDS:
        for name in MILESTONES:
            correct = round(accuracy(name, seed, fashion.train, fashion.test), 2)
            print(f"# seed {seed}, {name}: {correct}", flush=True)
            found[name].append(correct)
    print(f"BY_SEED = {found}")


if __name__ == "__main__":
    main()
