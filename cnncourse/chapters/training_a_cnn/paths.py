"""Paths through a landscape, seen from above."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure, rows_and_columns


def paths(landscape, walks):
    """The paths of several optimizers, each in a panel of its own, over lines of equal height.

    ``landscape``: a function that takes positions (…, 2) and gives their heights and gradients;
    ``walks``: name → (steps + 1, 2), the positions of one optimizer, as `descend` gives them.

    >>> from cnncourse.chapters.training_a_cnn import valley
    >>> paths(valley, {"one step": np.array([[-4.0, 1.0], [0.0, 0.0]])})
    <Figure: Paths over a landscape, with their heights. one step: from 23.0 to 0.0>
    """
    heights = {name: landscape(walk)[0] for name, walk in walks.items()}
    alt = "Paths over a landscape, with their heights" + "".join(
        f". {name}: from {height[0]:.1f} to {height[-1]:.1f}" for name, height in heights.items()
    )
    rows, columns = rows_and_columns(len(walks), 2)
    figure = DescribedFigure(alt, 10, 0.4 + 2.1 * rows)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    everywhere = np.concatenate(list(walks.values()))
    low, high = everywhere.min(axis=0), everywhere.max(axis=0)
    margin = 0.12 * (high - low) + 0.2
    x, y = (np.linspace(*ends, 120) for ends in zip(low - margin, high + margin, strict=True))
    ground = landscape(np.stack(np.meshgrid(x, y), axis=-1))[0]  # (120, 120)
    levels = np.geomspace(max(ground.max() / 1000, 1e-6), ground.max(), 12)
    for ax, (name, walk), colour in zip(axes.flat, walks.items(), COLOURS, strict=False):
        ax.contour(x, y, ground, levels, colors="0.75", linewidths=0.9)
        ax.plot(*walk.T, "o-", color=colour, ms=3.5, lw=1.4)
        ax.plot(*walk[0], "s", color="black", ms=7)
        ax.set_title(f"{name}: height {heights[name][-1]:.2f} after {len(walk) - 1} steps",
                     fontsize=10.5)  # fmt: skip
    figure.supxlabel("first parameter", fontsize=10.5)
    figure.supylabel("second parameter", fontsize=10.5)
    for ax in axes.flat[len(walks) :]:
        ax.axis("off")
    return figure
