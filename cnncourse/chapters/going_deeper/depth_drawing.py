"""What networks of several depths reach, each kind a line, each seed a dot."""

import numpy as np
from matplotlib.ticker import NullLocator

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("o-", "s--", "^:", "D-.")


def losses_by_depth(kinds, ylabel="training loss"):
    """A line for each kind of network, over the number of its convolutions.

    ``kinds``: name → depth → a figure for each seed; lines are means. ``ylabel``: what the figures
    are.

    >>> losses_by_depth({"plain": {4: [0.5, 0.7], 8: [0.8, 0.8]}})
    <Figure: training loss by number of convolutions, mean of the seeds. plain: 4 0.60, 8 0.80>
    """
    means = {name: {k: np.mean(runs) for k, runs in of.items()} for name, of in kinds.items()}
    parts = [
        f"{name}: {', '.join(f'{depth} {mean:.2f}' for depth, mean in of.items())}"
        for name, of in means.items()
    ]
    alt = f"{ylabel} by number of convolutions, mean of the seeds. {'. '.join(parts)}"
    figure = DescribedFigure(alt, 7, 3.8)
    ax = figure.subplots()
    for (name, of), style, colour in zip(kinds.items(), STYLES, COLOURS, strict=False):
        ax.plot(of.keys(), means[name].values(), style, color=colour, label=name)
        for depth, runs in of.items():
            ax.plot([depth] * len(runs), runs, style[0], color=colour, alpha=0.4, ms=4)
    depths = sorted({depth for of in kinds.values() for depth in of})
    ax.set_xscale("log", base=2)
    ax.set_xticks(depths, depths)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel="convolutions of 3×3", ylabel=ylabel)
    ax.grid(alpha=0.3)
    ax.legend()
    return figure
