"""Train the network of the web edition's page to draw on: docs/digits.npz.

    python tools/train_site_digits.py

The tutorial's network on all of MNIST, shifted by up to two pixels so that it does not mind where a
digit is drawn. The file holds the weights and no optimizer: nobody goes on training it.
"""

from pathlib import Path

from cnncourse import datasets, networks
from cnncourse.augmentation import random_shift

PATH = Path(__file__).parent.parent / "docs" / "digits.npz"
EPOCHS = 6


def trained(mnist):
    model = networks.tutorial(seed=0)
    model.compile("adam", "softmax_cross_entropy")
    model.fit(
        mnist.train.images,
        mnist.train.labels,
        batch_size=100,
        epochs=EPOCHS,
        augment=lambda images, rng: random_shift(images, 2, rng),
        verbose=2,
    )
    return model


def main():
    mnist = datasets.load("mnist", quick=False)
    model = trained(mnist)
    print(
        f"correct: {model.evaluate(mnist.test.images, mnist.test.labels)[1]:.2%} of the test images"
    )
    bare = networks.tutorial(seed=0)
    bare.set_weights(model.get_weights())
    bare.save(PATH)


if __name__ == "__main__":
    main()
