"""Photographs, and what filters make of them."""

import numpy as np
from PIL import Image

from ..support import arguments
from ..support.checks import finite, numbers
from .figure import DPI, DescribedFigure, rows_and_columns
from .sign_colours import SIGNED_MAP

WIDEST, LARGEST, TITLE = 9, 4.5, 0.3  # inches: all pictures, one picture, a title above it
FILLED = 0.93  # of the width between two pictures' middles: the rest is the gap
STRONGEST = 0.99  # the quantile of the pixels that has the darkest shade


class Photographs(DescribedFigure):
    """A figure in fewer colours than others: photographs take many bytes, and hide it."""

    colours = 96


def photographs(pictures, signed=(), columns=3, alt=None):
    """Photographs in rows, each under its title.

    ``pictures``: title → (height, width) in grey or (height, width, 3) in colour, from 0 (black)
    to 1 (white); what lies outside is shown as black or white. ``signed``: the titles of those
    whose sign matters: purple below zero, white at zero, orange above, and the strongest
    hundredth of the pixels all in the darkest shade. ``columns``: pictures in a row; ``alt``: what
    they show. Raises ``ValueError`` for other shapes and for titles in ``signed`` that no picture
    has, ``TypeError`` for what is no dict of arrays.

    >>> photographs({"before": [[0, 1]], "edges": [[-1, 1]]}, signed=["edges"])
    <Figure: Photographs: before, edges>
    """
    pictures = arguments.mapping(pictures, "pictures", "array")
    arrays = {title: _checked(p, f"pictures, {title}") for title, p in pictures.items()}
    for title in arguments.texts(signed, "signed"):
        arguments.one_of(title, "signed: a title", tuple(arrays))
    rows, columns = rows_and_columns(len(arrays), columns)
    width = min(WIDEST / columns, LARGEST)
    height = width * max(array.shape[0] / array.shape[1] for array in arrays.values()) + TITLE
    alt = arguments.optional_text(alt, "alt") or "Photographs: " + ", ".join(arrays)
    figure = Photographs(alt, columns * width, rows * height)
    axes = figure.panels(rows, columns, len(arrays))
    for ax, (title, array) in zip(axes, arrays.items(), strict=True):
        array = for_page(array, width)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_color("0.8")  # so that a white picture has an edge
        if title in signed:
            strongest = np.quantile(np.abs(array), STRONGEST) or 1
            ax.imshow(array, cmap=SIGNED_MAP, vmin=-strongest, vmax=strongest,
                      interpolation="nearest")  # fmt: skip
        else:
            ax.imshow(np.clip(array, 0, 1), cmap="gray", vmin=0, vmax=1,
                      interpolation="nearest")  # fmt: skip
        ax.set_title(title, fontsize=11)
    return figure


def for_page(picture, inches):
    """A photograph with no more pixels than its place on the page has: more would cost bytes.

    ``picture``: (height, width) or (height, width, channels), ``inches``: its width on the page.
    Text is sharp all the same, as figures have twice the page's pixels.

    >>> for_page(np.ones((300, 400, 3)), 2).shape
    (140, 186, 3)
    """
    share = FILLED * DPI * inches / picture.shape[1]
    if share >= 1:
        return picture
    size = tuple(max(round(share * side), 1) for side in picture.shape[1::-1])  # (width, height)
    channels = np.moveaxis(np.atleast_3d(picture), 2, 0).astype(np.float32)
    smaller = [Image.fromarray(channel).resize(size, Image.Resampling.BOX) for channel in channels]
    return np.stack(smaller, axis=-1).reshape(size[1], size[0], *picture.shape[2:])


def _checked(picture, title):
    array = finite(numbers(picture, title), title)
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)) or array.size == 0:
        raise ValueError(
            f"{title}: expected (height, width) or (height, width, 3), got {array.shape}; "
            "to see several images, give each a title"
        )
    return array
