"""The project "20,000 parameters": a sample solution, and two weaker ones that set the levels.

    python docs/instructors/twenty_thousand.py

Each network is trained from three seeds on 8,000 of the images of Fashion-MNIST that come with the
course, and judged by the 2,000 held out and, in the end, by the 2,000 test images.
"""

import argparse
from statistics import mean, stdev

from cnncourse import Sequential, datasets, layers, optimizers, schedules
from cnncourse.augmentation import random_flip, random_shift

BUDGET = 20_000
EPOCHS, BATCH = 10, 100
SEEDS = range(3)


def dense():
    """As many units as the budget allows, without a convolution."""
    return [layers.Flatten(), layers.Dense(25, activation="relu"), layers.Dense(10)]


def small():
    """Chapter 05's first idea: two blocks, and a dense layer that takes most of the budget."""
    return [
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(40, activation="relu"),
        layers.Dense(10),
    ]


def block(filters):
    """A convolution without biases, which batch normalisation would subtract."""
    convolution = layers.Conv2D(filters, 3, padding="same", use_bias=False)
    return [convolution, layers.BatchNormalization(), layers.ReLU()]


def sample():
    """The budget spent on convolutions: global pooling leaves the dense layer 310 parameters."""
    return [
        *block(16),
        layers.MaxPooling2D(2),  # (N, 14, 14, 16)
        *block(24),
        *block(32),
        layers.MaxPooling2D(2),  # (N, 7, 7, 32)
        *block(30),
        layers.GlobalAveragePooling2D(),  # (N, 30)
        layers.Dense(10),
    ]


def plainly(model, train):
    model.compile(optimizers.Adam(0.001), "softmax_cross_entropy")
    model.fit(train.images, train.labels, BATCH, EPOCHS, verbose=0)


def carefully(model, train):
    rate = schedules.CosineDecay(0.01, EPOCHS * -(-len(train) // BATCH))
    model.compile(optimizers.Adam(rate), "softmax_cross_entropy")
    model.fit(
        train.images,
        train.labels,
        BATCH,
        EPOCHS,
        augment=lambda images, rng: random_flip(random_shift(images, 1, rng), rng),
        verbose=0,
    )


SOLUTIONS = {"dense": (dense, plainly), "small": (small, plainly), "sample": (sample, carefully)}


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--solutions", nargs="+", choices=SOLUTIONS, default=list(SOLUTIONS))
    data = datasets.load("fashion-mnist", quick=True).split(2000, seed=0)
    print(data)
    for name in options.parse_args().solutions:
        make, train = SOLUTIONS[name]
        held_out, test = [], []
        for seed in SEEDS:
            model = Sequential(make(), input_shape=(28, 28, 1), seed=seed)
            train(model, data.train)
            for part, found in (data.validation, held_out), (data.test, test):
                found.append(100 * model.evaluate(part.images, part.labels)[1])
            print(f"{name:6} seed {seed}: held out {held_out[-1]:.2f} %", flush=True)
        assert model.count_params() <= BUDGET, f"{name} has {model.count_params():,} parameters"
        print(
            f"{name:6} {model.count_params():6,} parameters, "
            f"held out {mean(held_out):.2f} ± {stdev(held_out):.2f} %, "
            f"test {mean(test):.2f} ± {stdev(test):.2f} %"
        )


if __name__ == "__main__":
    main()
