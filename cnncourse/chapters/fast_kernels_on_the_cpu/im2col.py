"""im2col drawn: the patches under a window, written out as the rows of a matrix."""

import numpy as np

from ...plots.boxes import BLUE, GREEN, ORANGE, PALE, PURPLE, cell, limits
from ...plots.figure import DescribedFigure
from .rungs import windows_as_rows

COLOURS_OF_PATCHES = BLUE, ORANGE, GREEN, PURPLE
FILTERS = 2


def patches_as_rows():
    """The four patches of 2×2 on an image of 3×3, each a row, times a column for each filter.

    >>> patches_as_rows().alt[:60]
    'Four patches of 2×2 pixels on an image of 3×3, each in a col'
    """
    image = np.arange(9).reshape(3, 3)
    rows = windows_as_rows(image[None, :, :, None], (2, 2))
    listed = "; ".join(" ".join(map(str, row)) for row in rows)
    figure = DescribedFigure(
        "Four patches of 2×2 pixels on an image of 3×3, each in a colour of its own, become the "
        f"rows of a matrix: {listed}. It is multiplied with a matrix of 4 rows, the weights, and "
        f"{FILTERS} columns, the filters. The product has a row for each patch and a column for "
        "each filter.",
        9,
        3.2,
    )
    left, right = figure.subfigures(1, 2, width_ratios=(1, 1.7))
    for ax, colour, corner in zip(
        left.subplots(2, 2).flat, COLOURS_OF_PATCHES, np.ndindex(2, 2), strict=True
    ):
        for h, w in np.ndindex(3, 3):
            inside = 0 <= h - corner[0] < 2 and 0 <= w - corner[1] < 2
            cell(ax, w, h, colour if inside else PALE, str(image[h, w]))
        limits(ax, 0, 3, 3, f"output {corner[0]}, {corner[1]}", equal=True)
    _product(right.subplots(), rows)
    return figure


def _product(ax, rows):
    """The matrix of patches times the weights, and the result, from left to right."""
    for r, row in enumerate(rows):
        for k, value in enumerate(row):
            cell(ax, k, r, COLOURS_OF_PATCHES[r], str(value))
            cell(ax, 5 + r % FILTERS, k, PALE, f"k{k}" if r == 0 else f"m{k}" if r == 1 else "")
        for o in range(FILTERS):
            cell(ax, 8 + o, r, COLOURS_OF_PATCHES[r], "Σ", alpha=0.45)
    for x, sign in (4.5, "@"), (7.5, "="):
        ax.text(x, 2, sign, ha="center", va="center", fontsize=14)
    for x, text in (2, "patches"), (6, "weights,\n2 filters"), (9, "output,\n2 channels"):
        ax.text(x, 4.2, text, ha="center", va="top")
    limits(ax, 0, 10, 5.4, "one matrix product", equal=True)
