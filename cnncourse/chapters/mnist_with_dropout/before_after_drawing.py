"""Pictures before training, and below them the same pictures after it."""

import numpy as np

from ...plots.figure import DescribedFigure
from ...plots.sign_colours import NEGATIVE_WORD, POSITIVE_WORD, SIGNED_MAP

COLUMN, ROW = 1.05, 1.1  # inches


def before_and_after(before, after, what):
    """Two rows of pictures on one scale, white for 0: initial ones, and the trained ones below.

    ``before``, ``after``: (height, width, count), of the same shape; ``what``: a word for one of
    the pictures, such as "filter".

    >>> before_and_after(np.ones((3, 3, 8)), -np.ones((3, 3, 8)), "filter")
    <Figure: filter 1 to 8, initial above, trained below, on one scale: from purple, −1.00, over
    white, 0, to orange, 1.00>
    """
    rows = {"initial": np.asarray(before), "trained": np.asarray(after)}
    count = rows["initial"].shape[-1]
    limit = float(max(abs(pictures).max() for pictures in rows.values())) or 1.0
    figure = DescribedFigure(
        f"{what} 1 to {count}, initial above, trained below, on one scale: from {NEGATIVE_WORD}, "
        f"−{limit:.2f}, over white, 0, to {POSITIVE_WORD}, {limit:.2f}",
        count * COLUMN + 1.2,
        2 * ROW + 0.3,
    )
    axes = figure.subplots(2, count, squeeze=False)
    for panels, (name, pictures) in zip(axes, rows.items(), strict=True):
        for k, ax in enumerate(panels):
            shown = ax.imshow(pictures[..., k], cmap=SIGNED_MAP, vmin=-limit, vmax=limit)
            ax.set(xticks=[], yticks=[])
        panels[0].set_ylabel(name, fontsize=11)
    for k, ax in enumerate(axes[0]):
        ax.set_title(f"{what} {k + 1}" if k == 0 else str(k + 1), fontsize=10)
    figure.colorbar(shown, ax=figure.axes, shrink=0.8)
    return figure
