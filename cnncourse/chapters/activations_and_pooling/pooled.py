"""Pooling by hand: an array split into windows, and what each kind of pooling makes of them."""

import numpy as np
from matplotlib.patches import Rectangle

from ...plots.figure import COLOURS, DescribedFigure
from ...support.checks import numbers
from ...support.text import size_text


def pooled(picture, results):
    """An array with coloured windows side by side, and results with a cell for each window.

    ``picture``: (height, width); ``results``: name → (rows, columns), all of one size that divides
    the picture's. Raises ``ValueError`` for other sizes.

    >>> pooled([[1, 2], [3, 4]], {"largest": [[4]], "mean": [[2.5]]})
    <Figure: An array of 2×2, split into 1×1 windows of 2×2: 1 2; 3 4. largest: 4. mean: 2.5>
    """
    picture = numbers(picture, "picture")
    results = {name: numbers(result, name) for name, result in results.items()}
    shape = next(iter(results.values())).shape
    for name, result in results.items():
        if result.shape != shape or any(np.mod(picture.shape, shape)):
            raise ValueError(
                f"pooled: {name!r} has {result.shape}; expected results of one shape that divides "
                f"the picture's, {picture.shape}"
            )
    window = tuple(side // cells for side, cells in zip(picture.shape, shape, strict=True))
    alt = (
        f"An array of {size_text(picture.shape)}, split into {size_text(shape)} windows of "
        f"{size_text(window)}: {_words(picture)}"
    )
    alt += "".join(f". {name}: {_words(result)}" for name, result in results.items())
    figure = DescribedFigure(alt, 3 + 2 * len(results), 2.9)
    widths = [1.5] + [1] * len(results)
    axes = figure.subplots(1, 1 + len(results), width_ratios=widths)
    _draw(axes[0], picture, window, shape, "input")
    for ax, (name, result) in zip(axes[1:], results.items(), strict=True):
        _draw(ax, result, (1, 1), shape, name)
    return figure


def _draw(ax, array, window, windows, title):
    for (row, column), number in np.ndenumerate(array):
        index = row // window[0] * windows[1] + column // window[1]
        colour = COLOURS[index % 6]
        ax.add_patch(Rectangle((column, row), 1, 1, fc=colour, alpha=0.35, ec="white", lw=2))
        ax.text(column + 0.5, row + 0.5, _number(number), ha="center", va="center", fontsize=12)
    height, width = array.shape
    ax.set(xlim=(-0.05, width + 0.05), ylim=(height + 0.05, -0.05))
    ax.set_aspect("equal")
    ax.set_title(title, fontsize=11)
    ax.axis("off")


def _number(number):
    return f"{number:.3g}".replace("-", "−")


def _words(array):
    return "; ".join(" ".join(map(_number, row)) for row in array)
