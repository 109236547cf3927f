"""Draw the README's picture: digits that a trained network misreads, and its probabilities for one.

    python tools/readme_picture.py

Trains the network of chapter 07 for one epoch on MNIST (or, offline, on the bundled digits).
"""

from pathlib import Path

import numpy as np

from cnncourse import datasets, networks
from cnncourse.plots.figure import COLOURS, DescribedFigure

PICTURE = Path(__file__).parent.parent / "notebooks" / "pictures" / "overview.png"
SHOWN = 24


def trained(data):
    model = networks.tutorial()
    model.compile("sgd", "softmax_cross_entropy")
    model.fit(data.train.images, data.train.labels, batch_size=20)
    return model


def draw(data, predicted):
    answers = predicted.argmax(axis=1)
    wrong = np.flatnonzero(answers != data.test.labels)[:SHOWN]
    figure = DescribedFigure("Misread digits, and the probabilities for one of them", 10, 3)
    grid = figure.add_gridspec(3, 12)
    for place, k in enumerate(wrong):
        ax = figure.add_subplot(grid[place // 8, place % 8])
        ax.imshow(data.test.images[k], cmap="gray", vmin=0, vmax=1)
        ax.set_title(f"{data.test.labels[k]}, not {answers[k]}", fontsize=8)
        ax.axis("off")
    doubtful = wrong[np.ptp(np.sort(predicted[wrong])[:, -2:], axis=1).argmin()]
    ax = figure.add_subplot(grid[:2, 9:])
    ax.bar(range(10), predicted[doubtful], color=COLOURS[0])
    ax.set(xticks=range(10), ylim=(0, 1), ylabel="probability")
    ax.set_title("what it thinks of this one", fontsize=8)
    ax = figure.add_subplot(grid[2, 9:])
    ax.imshow(data.test.images[doubtful], cmap="gray", vmin=0, vmax=1)
    ax.axis("off")
    return figure


if __name__ == "__main__":
    digits = datasets.load("mnist", fallback="digits")
    PICTURE.write_bytes(draw(digits, trained(digits).predict(digits.test.images)).png())
