"""Padding and stride in two dimensions: which positions a window has."""

import numpy as np
from matplotlib.patches import Rectangle

from ...kernels.geometry import Geometry
from ...plots.figure import COLOURS, DescribedFigure
from ...support.text import size_text

FIRST, SECOND, UNSEEN = COLOURS[0], COLOURS[1], COLOURS[4]
CASES = ((0, 1), (1, 1), (0, 2), (1, 2))  # padding, stride


def padding_and_stride(size=6, window=3, cases=CASES):
    """The same square image with several (padding, stride), and all positions of the window.

    ``size``: pixels along a side; ``window``: cells along a side. A dot is the middle of a window;
    two windows that follow each other are framed; padded cells are dashed; what no window reaches
    is hatched. Raises ``ValueError`` for a window that does not fit.

    >>> padding_and_stride(6, 3, [(1, 2)])
    <Figure: An image of 6×6 pixels and a window of 3×3, its positions drawn as dots. Padding 1,
    stride 2: 3×3 positions, 1 row and column left over>
    """
    geometries = [
        Geometry.of((size, size), (window, window), (stride, stride), (padding, padding))
        for padding, stride in cases
    ]
    parts = []
    for (padding, stride), geometry in zip(cases, geometries, strict=True):
        left = size + 2 * padding - _reach(geometry)
        rest = f", {left} row{'s' * (left > 1)} and column{'s' * (left > 1)} left over"
        parts.append(
            f"Padding {padding}, stride {stride}: {size_text(geometry.output)} positions"
            f"{rest * (left > 0)}"
        )
    figure = DescribedFigure(
        f"An image of {size}×{size} pixels and a window of {window}×{window}, its positions drawn "
        f"as dots. {'; '.join(parts)}",
        2.6 * len(cases),
        3,
    )
    most = max(padding for padding, _ in cases)
    for ax, (padding, stride), geometry in zip(
        figure.panels(1, len(cases), len(cases)), cases, geometries, strict=True
    ):
        _draw(ax, size, padding, geometry)
        ax.set_title(f"P = {padding}, S = {stride}: {size_text(geometry.output)}", fontsize=11)
        ax.set(xlim=(-most - 0.1, size + most + 0.1), ylim=(size + most + 0.1, -most - 0.1))
        ax.set_aspect("equal")
        ax.axis("off")
    return figure


def _reach(geometry):
    """How many cells of a side, padding included, some window sees."""
    return (geometry.output[0] - 1) * geometry.strides[0] + geometry.window[0]


def _draw(ax, size, padding, geometry):
    cells, stride = geometry.window[0], geometry.strides[0]
    for row, column in np.ndindex(size + 2 * padding, size + 2 * padding):
        y, x = row - padding, column - padding
        inside = 0 <= y < size and 0 <= x < size
        look = {"fc": "0.88" if inside else "white", "ls": "-" if inside else "--", "ec": "0.5"}
        if max(row, column) >= _reach(geometry):
            look |= {"hatch": "////", "ec": UNSEEN}
        ax.add_patch(Rectangle((x + 0.04, y + 0.04), 0.92, 0.92, lw=0.8, **look))
    for row, column in np.ndindex(*geometry.output):
        y, x = (k * stride - padding + cells / 2 for k in (row, column))
        ax.plot(x, y, "o", color="black", ms=5)
    for k, (colour, style) in enumerate(((FIRST, "-"), (SECOND, "--"))):
        if k < geometry.output[1]:
            corner = (k * stride - padding, -padding)
            frame = {"fill": False, "ec": colour, "ls": style, "lw": 2.5, "zorder": 3}
            ax.add_patch(Rectangle(corner, cells, cells, **frame))
