"""Squared error and negative logarithm behind a sigmoid, and their derivatives."""

import numpy as np

from ...plots.boxes import BLUE, ORANGE
from ...plots.figure import DescribedFigure

LOOKS = {"squared error": (ORANGE, "--"), "−log p": (BLUE, "-")}


def two_losses():
    """Both losses of one neuron whose target is 1, over its weighted sum z, and their derivatives.

    >>> two_losses().alt[:50]
    'Two losses of a neuron whose target is 1, from z ='
    """
    figure = DescribedFigure(
        "Two losses of a neuron whose target is 1, from z = −10, confidently wrong, to z = 10, "
        "confidently correct. Left, the losses: the squared error is flat at 1 on the wrong side "
        "and falls to 0 around z = 0; −log p falls along a straight line from 10 to 0. Right, "
        "their derivatives: that of the squared error is almost 0 at both ends, that of −log p is "
        "−1 on the wrong side and 0 on the correct one.",
        9.5,
        3.3,
    )
    z = np.linspace(-10, 10, 201)
    p = 1 / (1 + np.exp(-z))
    pictures = {
        "loss": {"squared error": (p - 1) ** 2, "−log p": -np.log(p)},
        "derivative": {"squared error": 2 * (p - 1) * p * (1 - p), "−log p": p - 1},
    }
    for ax, (ylabel, lines) in zip(figure.subplots(1, 2), pictures.items(), strict=True):
        ax.axhline(0, color="0.6", lw=0.8)
        for name, y in lines.items():
            colour, style = LOOKS[name]
            ax.plot(z, y, style, color=colour, lw=2.4, label=name)
        ax.set(xlabel="weighted sum z", ylabel=ylabel)
        ax.grid(alpha=0.3)
        ax.legend()
    return figure
