"""Values of both signs as colours: kernels, feature maps, differences."""

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from ..support import arguments
from ..support.checks import finite, numbers
from ..support.text import size_text
from .figure import DescribedFigure, rows_and_columns
from .sign_colours import NEGATIVE_WORD, POSITIVE_WORD, SIGNED_MAP

POINTS = 72  # in an inch
READABLE = 8  # cells along a side up to which values can be written into them
LARGEST, WIDEST = 3.2, 10  # inches: a picture among others, all of them
ALONE, WIDEST_ALONE = 4, 9  # inches: a single picture


def signed(pictures, alt=None, limit=None, columns=6):
    """Arrays side by side, each under its name, on one scale: white is 0.

    ``pictures``: name → (height, width), of any sizes; or (height, width, 3), from 0 to 1, a
    photograph in its own colours. ``alt``: what the picture shows; ``limit``: the value with the
    fullest colour, the largest of all if left out; ``columns``: arrays in a row. In small arrays
    the values are written too. Raises ``ValueError`` for another shape, ``TypeError`` for what is
    no dict of arrays.

    >>> signed({"Sobel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]})
    <Figure: Sobel, 3×3. From purple, −2, over white, 0, to orange, 2>
    """
    alt = arguments.optional_text(alt, "alt")
    if limit is not None:
        limit = arguments.real(limit, "limit", above=0)
    pictures = arguments.mapping(pictures, "pictures", "array")
    for name, picture in pictures.items():
        picture = finite(numbers(picture, f"pictures, {name}"), f"pictures, {name}")
        pictures[name] = picture
        if not (picture.ndim == 2 or picture.shape[2:] == (3,)) or not picture.size:
            raise ValueError(f"pictures: {name!r} must be (height, width), got {picture.shape}")
    plain = [picture for picture in pictures.values() if picture.ndim == 2]
    limit = limit or max((float(abs(picture).max()) for picture in plain), default=0) or 1.0
    if alt is None:
        alt = "; ".join(f"{name}, {size_text(p.shape)}" for name, p in pictures.items())
    alt += f". From {NEGATIVE_WORD}, −{limit:.3g}, over white, 0, to {POSITIVE_WORD}, {limit:.3g}"
    rows, columns = rows_and_columns(len(pictures), columns)
    widest = max(picture.shape[1] / picture.shape[0] for picture in pictures.values())
    side = min(LARGEST, WIDEST / columns / max(widest, 1))  # inches, of a square picture
    if len(pictures) == 1:
        side = min(ALONE, WIDEST_ALONE / widest)
    figure = DescribedFigure(alt, columns * side * max(widest, 1) + 1, rows * (side + 0.3))
    axes = figure.panels(rows, columns, len(pictures))
    scale = ScalarMappable(Normalize(-limit, limit), SIGNED_MAP)
    for ax, (name, picture) in zip(axes, pictures.items(), strict=True):
        ax.axis("off")
        ax.imshow(picture, cmap=scale.cmap, norm=scale.norm)
        ax.set_title(name, fontsize=11)
        if picture.ndim == 2 and max(picture.shape) <= READABLE:
            _write(ax, picture, limit, side * POINTS / max(picture.shape))
    figure.colorbar(scale, ax=figure.axes, shrink=0.8)
    return figure


def _write(ax, picture, limit, cell):
    """Each value into its cell of ``cell`` points, in ink that can be read on its colour."""
    texts = [[f"{round(value, 2) + 0:g}".replace("-", "−") for value in row] for row in picture]
    longest = max(len(text) for row in texts for text in row)
    size = min(12, 1.4 * cell / max(longest, 2))  # a digit is about 0.6 of its size wide
    for (row, column), value in np.ndenumerate(picture):
        ink = "white" if abs(value) > 0.7 * limit else "black"
        text = texts[row][column]
        ax.text(column, row, text, ha="center", va="center", color=ink, fontsize=size)
