"""Recipes from several seeds each: every run a dot, every mean a line."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure

ROW = 0.5  # inches
MEAN = 0.28  # half of a mean's line, in rows


def runs_by_recipe(runs, xlabel):
    """A row for each recipe: a dot for each seed, and a line at their mean.

    ``runs``: name → figures, one for each seed; ``xlabel``: what the figures are.

    >>> runs_by_recipe({"none": [96.0, 97.0], "dropout": [97.5, 97.0]}, "accuracy, %")
    <Figure: accuracy, %, of each seed. none: 96.00, 97.00. dropout: 97.50, 97.00>
    """
    parts = [f"{name}: {', '.join(f'{value:.2f}' for value in runs[name])}" for name in runs]
    figure = DescribedFigure(f"{xlabel}, of each seed. {'. '.join(parts)}", 8, 1 + ROW * len(runs))
    ax = figure.subplots()
    for row, values in enumerate(runs.values()):
        colour = COLOURS[row % len(COLOURS)]
        ax.plot(values, [row] * len(values), "o", color=colour, ms=8, alpha=0.7)
        ax.vlines(np.mean(values), row - MEAN, row + MEAN, color=colour, lw=3)
    ax.set_yticks(range(len(runs)), runs)
    ax.set(xlabel=xlabel, ylim=(len(runs) - 0.5, -0.5))  # the first on top
    ax.grid(alpha=0.3, axis="x")
    return figure
