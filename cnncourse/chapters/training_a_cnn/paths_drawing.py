"""Paths of optimizers through a loss of two parameters, seen from above."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure, rows_and_columns

PANEL = 4.8  # inches: the width of one panel


def paths(loss, walks):
    """The paths of several optimizers, each in a panel of its own, over lines of equal loss.

    Both axes have one scale, so steps against the gradient are seen to cross the lines at right
    angles.

    ``loss``: a function that takes positions (…, 2) and gives the loss at each;
    ``walks``: name → (steps + 1, 2), the positions of one optimizer.

    >>> def bowl(position):
    ...     return (position**2).sum(axis=-1)
    >>> paths(bowl, {"one step": np.array([[-4.0, 1.0], [0.0, 0.0]])})
    <Figure: Paths over lines of equal loss. one step: from 17.0 to 0.0>
    """
    walks = {name: np.asarray(walk, float) for name, walk in walks.items()}
    reached = {name: loss(walk) for name, walk in walks.items()}
    alt = "Paths over lines of equal loss" + "".join(
        f". {name}: from {values[0]:.1f} to {values[-1]:.1f}" for name, values in reached.items()
    )
    everywhere = np.concatenate(list(walks.values()))
    low, high = everywhere.min(axis=0) - 0.5, everywhere.max(axis=0) + 0.5
    rows, columns = rows_and_columns(len(walks), 2)
    height = PANEL * (high[1] - low[1]) / (high[0] - low[0]) + 0.45
    figure = DescribedFigure(alt, 0.5 + PANEL * columns, 0.4 + height * rows)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    x, y = (np.linspace(*ends, 120) for ends in zip(low, high, strict=True))
    ground = loss(np.stack(np.meshgrid(x, y), axis=-1))  # (120, 120)
    levels = np.geomspace(max(ground.max() / 1000, 1e-6), ground.max(), 10)
    for ax, (name, walk), colour in zip(axes.flat, walks.items(), COLOURS, strict=False):
        ax.contour(x, y, ground, levels, colors="0.75", linewidths=0.9)
        ax.plot(*walk.T, "o-", color=colour, ms=3.5, lw=1.4)
        ax.plot(*walk[0], "s", color="black", ms=7)
        ax.set_aspect("equal")
        ax.set_title(f"{name}: loss {reached[name][-1]:.2g} after {len(walk) - 1} steps",
                     fontsize=10.5)  # fmt: skip
    figure.supxlabel("first parameter", fontsize=10.5)
    figure.supylabel("second parameter", fontsize=10.5)
    for ax in axes.flat[len(walks) :]:
        ax.axis("off")
    return figure
