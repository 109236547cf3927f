"""Accuracy over the number of images to learn from, with error bars."""

import numpy as np
from matplotlib.ticker import NullLocator

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("o-", "s--", "^:", "D-.", "v-")
APART = 1.03  # by which factor the ways are drawn apart, so that error bars do not hide each other


def learning_curves(ways):
    """A line for each way to train: means over the seeds, and error bars of a standard deviation.

    ``ways``: name → images a class → the accuracy of each seed, in percent.

    >>> learning_curves({"from scratch": {10: [70.0, 74.0], 20: [80.0, 82.0]}})
    <Figure: Accuracy, %, by images a class, mean ± standard deviation of the seeds. from scratch:
    10 72.0 ± 2.8, 20 81.0 ± 1.4>
    """
    parts = [
        f"{name}: "
        + ", ".join(f"{n} {np.mean(r):.1f} ± {np.std(r, ddof=1):.1f}" for n, r in of.items())
        for name, of in ways.items()
    ]
    title = "Accuracy, %, by images a class, mean ± standard deviation of the seeds"
    figure = DescribedFigure(f"{title}. {'. '.join(parts)}", 7, 3.8)
    ax = figure.subplots()
    for k, ((name, of), style) in enumerate(zip(ways.items(), STYLES, strict=False)):
        sizes = np.array(list(of)) * APART ** (k - len(ways) / 2)
        means = [np.mean(runs) for runs in of.values()]
        bars = [np.std(runs, ddof=1) for runs in of.values()]
        ax.errorbar(sizes, means, bars, fmt=style, color=COLOURS[k], capsize=5, label=name)
    sizes = sorted({size for of in ways.values() for size in of})
    ax.set_xscale("log")
    ax.set_xticks(sizes, sizes)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel="images of each class to learn from", ylabel="correct, %")
    ax.grid(alpha=0.3)
    ax.legend()
    return figure
