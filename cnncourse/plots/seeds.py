"""Recipes from several seeds each: every run a dot, every mean a line."""

import numpy as np

from ..support import arguments
from ..support.checks import finite, numbers
from .figure import COLOURS, DescribedFigure

ROW = 0.55  # inches
MEAN = 0.3  # half of a mean's line, in rows


def seeds(runs, xlabel, alt=None):
    """A row for each recipe: a dot for each of its seeds, and a line at their mean.

    ``runs``: name → a figure for each seed, not necessarily equally many; ``xlabel``: what the
    figures are; ``alt``: what the picture shows. Raises ``ValueError`` for a recipe without figures
    or with some that are not finite, ``TypeError`` for what is no dict of lists of numbers.

    >>> seeds({"plain": [96.0, 97.0], "dropout": [97.5, 97.25]}, "accuracy, %")
    <Figure: accuracy, %, of each seed. plain: 96, 97, mean 96.5. dropout: 97.5, 97.25, mean 97.38>
    """
    arguments.text(xlabel, "xlabel")
    runs = arguments.mapping(runs, "runs", "a figure for each seed")
    runs = {name: _checked(figures, f"runs, {name}") for name, figures in runs.items()}
    alt = arguments.optional_text(alt, "alt") or f"{xlabel}, of each seed" + "".join(
        f". {name}: {', '.join(f'{value:.4g}' for value in figures)}, mean {np.mean(figures):.4g}"
        for name, figures in runs.items()
    )
    figure = DescribedFigure(alt, 8, 0.9 + ROW * len(runs))
    ax = figure.subplots()
    for row, figures in enumerate(runs.values()):
        colour = COLOURS[row % len(COLOURS)]
        ax.plot(figures, [row] * len(figures), "o", color=colour, alpha=0.7, ms=8)
        ax.plot([np.mean(figures)] * 2, [row - MEAN, row + MEAN], color="black", lw=2.4)
    ax.set_yticks(range(len(runs)), runs)
    ax.set(xlabel=f"{xlabel}; a dot for each seed, a line at their mean")
    ax.set_ylim(len(runs) - 0.5, -0.5)  # the first on top
    ax.grid(alpha=0.3, axis="x")
    return figure


def _checked(figures, name):
    """The figures of one recipe, (seeds,), as float64."""
    figures = finite(numbers(figures, name), name)
    if figures.ndim != 1 or not len(figures):
        raise ValueError(f"{name}: expected a figure for each seed, got shape {figures.shape}")
    return figures.astype(np.float64)
