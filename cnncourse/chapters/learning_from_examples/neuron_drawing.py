"""One neuron: inputs, weights, weighted sum, bias, activation, output."""

import numpy as np
from matplotlib.patches import Circle

from ...plots.boxes import BLUE, GREEN, ORANGE, arrow
from ...plots.figure import DescribedFigure

ROWS = {"1": 0.6, "2": 2.0, "3": 3.4, "784": 6.0}  # heights of the inputs that are drawn
MIDDLE = 3.3
RADIUS = 0.48  # of an input
NOTES = (1.0, 3.6, 6.1, 9.0, 11.7)  # where the words below the drawing stand


def neuron():
    """One neuron with the pixels of an image as its inputs.

    >>> neuron().alt[:27]
    'One neuron, from left to ri'
    """
    figure = DescribedFigure(
        "One neuron, from left to right. The inputs, x1, x2, x3 and so on to x784, are the pixels "
        "of an image. Each is multiplied by a weight of its own, w1 to w784. The products and the "
        "bias b are added up to the weighted sum z. The activation, here a sigmoid, an S-shaped "
        "curve from 0 to 1, makes the output p of it.",
        9.5,
        4.4,
    )
    ax = figure.subplots()
    for number, y in ROWS.items():
        ax.add_patch(Circle((1, y), RADIUS, fc="0.93", ec="0.25"))
        ax.text(1, y, f"$x_{{{number}}}$", ha="center", va="center", fontsize=12)
        _weight(ax, f"$w_{{{number}}}$", y)
    ax.text(1, 4.7, "⋮", ha="center", va="center", fontsize=18)
    _circle(ax, (6.1, MIDDLE), "$\\Sigma$", 0.8, ORANGE)
    ax.text(6.1, 0.75, "$b$", ha="center", va="center", fontsize=14)
    arrow(ax, (6.1, 1.15), (6.1, MIDDLE - 0.8), ORANGE, 1.5)
    arrow(ax, (6.9, MIDDLE), (8.1, MIDDLE), width=1.5)
    ax.text(7.45, MIDDLE - 0.35, "$z$", ha="center", va="center", fontsize=14)
    _sigmoid(ax, (9, MIDDLE))
    arrow(ax, (9.9, MIDDLE), (11.2, MIDDLE), width=1.5)
    ax.text(11.7, MIDDLE, "$p$", ha="center", va="center", fontsize=15)
    words = ("inputs", "weights", "weighted sum,\nand bias", "activation", "output")
    for x, word in zip(NOTES, words, strict=True):
        ax.text(x, 7.3, word, ha="center", va="center", fontsize=11)
    ax.set(xlim=(0.2, 12.6), ylim=(7.8, -0.1))
    ax.set_aspect("equal")
    ax.axis("off")
    return figure


def _weight(ax, text, y):
    """The connection of the input at height ``y`` with the sum, and its weight."""
    start = np.array([1 + RADIUS, y])
    end = np.array([6.1, MIDDLE])
    way = end - start
    arrow(ax, tuple(start), tuple(end - 0.8 * way / np.hypot(*way)), BLUE, 1.2)
    label = start + 0.44 * way
    ax.text(*label, text, ha="center", va="center", fontsize=12, bbox={"fc": "white", "ec": "none"})


def _circle(ax, centre, text, radius, colour):
    ax.add_patch(Circle(centre, radius, fc=colour, ec="0.25", alpha=0.6))
    ax.text(*centre, text, ha="center", va="center", fontsize=18)


def _sigmoid(ax, centre):
    """A circle with a sigmoid's curve in it."""
    ax.add_patch(Circle(centre, 0.9, fc=GREEN, ec="0.25", alpha=0.5))
    z = np.linspace(-6, 6, 61)
    curve = 1 / (1 + np.exp(-z))
    ax.plot(centre[0] + z / 11, centre[1] + 0.4 - 0.8 * curve, color="black", lw=2)
