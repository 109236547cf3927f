"""Several trainings of each kind: every run a dot, and their mean."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure


def runs_by_seed(runs, xlabel):
    """A line for each kind of training, with a dot for each seed and a bar at the mean.

    ``runs``: name → a result for each seed; ``xlabel``: what the result is.

    >>> runs_by_seed({"plain": [80, 90], "pooled": [95, 96]}, "accuracy, %")
    <Figure: accuracy, %, of each seed. plain: 80.0, 90.0, mean 85.0. pooled: 95.0, 96.0, mean 95.5>
    """
    alt = f"{xlabel}, of each seed" + "".join(
        f". {name}: {', '.join(f'{result:.1f}' for result in results)}, mean {np.mean(results):.1f}"
        for name, results in runs.items()
    )
    figure = DescribedFigure(alt, 8, 0.9 + 0.55 * len(runs))
    ax = figure.subplots()
    for row, results in enumerate(runs.values()):
        colour = COLOURS[row % len(COLOURS)]
        ax.plot(results, [row] * len(results), "o", color=colour, alpha=0.7, ms=8)
        ax.plot([np.mean(results)] * 2, [row - 0.3, row + 0.3], color="black", lw=2.4)
    ax.set_yticks(range(len(runs)), runs)
    ax.set(xlabel=f"{xlabel}; dots are seeds, bars their means", ylim=(len(runs) - 0.5, -0.5))
    ax.grid(alpha=0.3, axis="x")
    return figure
