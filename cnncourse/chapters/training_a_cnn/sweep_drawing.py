"""A search for the learning rate: the loss that each reaches."""

from itertools import cycle
from math import isfinite

from ...plots.curves import STYLES
from ...plots.figure import COLOURS, DescribedFigure


def sweep(reached, guess):
    """The validation loss after training over the learning rate, a curve for each name.

    ``reached``: name → {learning rate: validation loss}; ``guess``: the loss of a uniform guess, a
    dashed line. Losses that are not finite are left out. Both axes are logarithmic.

    >>> sweep({"SGD": {0.1: 0.3, 0.01: 2.0}, "Adam": {0.01: 0.2}}, guess=2.3)
    <Figure: Validation loss over learning rate. SGD: lowest 0.3, at 0.1. Adam: lowest 0.2, at 0.01.
    A uniform guess: 2.3>
    """
    curves = {}
    for name, losses in reached.items():
        curves[name] = [pair for pair in sorted(losses.items()) if isfinite(pair[1])]
    best = {name: min(pairs, key=lambda pair: pair[1]) for name, pairs in curves.items()}
    figure = DescribedFigure(
        "Validation loss over learning rate. "
        + ". ".join(
            f"{name}: lowest {loss:.1f}, at {rate:g}" for name, (rate, loss) in best.items()
        )
        + f". A uniform guess: {guess:.1f}",
        8,
        3.8,
    )
    ax = figure.subplots()
    for (name, pairs), style, colour in zip(curves.items(), cycle(STYLES), cycle(COLOURS)):
        ax.plot(*zip(*pairs, strict=True), style, color=colour, label=name)
    ax.axhline(guess, color="black", ls="--", lw=1, label="uniform guess")
    ax.set(xlabel="learning rate", ylabel="validation loss", xscale="log", yscale="log")
    ax.set_yticks([0.2, 0.5, 1, 2], ["0.2", "0.5", "1", "2"])
    ax.minorticks_off()
    ax.grid(alpha=0.3)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure
