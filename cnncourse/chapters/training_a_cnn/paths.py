"""Ways through a landscape, seen from above."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure


def paths(landscape, ways):
    """The ways of several walkers, each in a panel of its own, over lines of equal height.

    ``landscape``: a function that takes places (…, 2) and gives their heights and slopes;
    ``ways``: name → (steps + 1, 2), the places of one walker.

    >>> from cnncourse.chapters.training_a_cnn import valley
    >>> paths(valley, {"one step": np.array([[-4.0, 1.0], [0.0, 0.0]])})
    <Figure: Ways over a landscape, with their heights. one step: from 23.0 to 0.0>
    """
    heights = {name: landscape(way)[0] for name, way in ways.items()}
    alt = "Ways over a landscape, with their heights" + "".join(
        f". {name}: from {height[0]:.1f} to {height[-1]:.1f}" for name, height in heights.items()
    )
    rows = -(-len(ways) // 2)
    figure = DescribedFigure(alt, 10, 0.4 + 2.1 * rows)
    axes = figure.subplots(rows, min(2, len(ways)), sharex=True, sharey=True, squeeze=False)
    everywhere = np.concatenate(list(ways.values()))
    low, high = everywhere.min(axis=0), everywhere.max(axis=0)
    margin = 0.12 * (high - low) + 0.2
    x, y = (np.linspace(*ends, 120) for ends in zip(low - margin, high + margin, strict=True))
    ground = landscape(np.stack(np.meshgrid(x, y), axis=-1))[0]  # (120, 120)
    levels = np.geomspace(max(ground.max() / 1000, 1e-6), ground.max(), 12)
    for ax, (name, way), colour in zip(axes.flat, ways.items(), COLOURS, strict=False):
        ax.contour(x, y, ground, levels, colors="0.75", linewidths=0.9)
        ax.plot(*way.T, "o-", color=colour, ms=3.5, lw=1.4)
        ax.plot(*way[0], "s", color="black", ms=7)
        ax.set_title(f"{name}: height {heights[name][-1]:.2f} after {len(way) - 1} steps",
                     fontsize=10.5)  # fmt: skip
    figure.supxlabel("first parameter", fontsize=10.5)
    figure.supylabel("second parameter", fontsize=10.5)
    for ax in axes.flat[len(ways) :]:
        ax.axis("off")
    return figure
