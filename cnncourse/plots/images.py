"""Images side by side."""

import numpy as np

from ..support import arguments
from ..support.checks import finite, numbers
from ..support.text import size_text
from .figure import DescribedFigure, rows_and_columns
from .photographs import Photographs, for_page

LETTER, LINE = 0.09, 0.25  # inches: the width of a letter and the height of a line


def images(pictures, titles=None, columns=10, alt=None, size=1.0):
    """Images in rows, each under its title.

    ``pictures``: (images, height, width, channels) of 1 or 3 channels, or (images, height, width);
    ``titles``: a text for each; ``columns``: images in a row; ``alt``: what the picture shows;
    ``size``: inches along an image's side. Grey images share one scale, so that they can be
    compared; images in colour are from 0 to 1, or bytes. Raises ``ValueError`` for another shape or
    another number of titles, ``TypeError`` for what is no array, or no text.

    >>> images([[[0, 1], [1, 0]]] * 3, titles="abc")
    <Figure: 3 images: a, b, c>
    """
    pictures = finite(numbers(pictures, "pictures"), "pictures")
    size = arguments.real(size, "size", above=0)
    if pictures.ndim == 4 and pictures.shape[-1] == 1:
        pictures = pictures[..., 0]  # (images, height, width)
    in_colour = pictures.ndim == 4 and pictures.shape[-1] == 3
    if not (pictures.ndim == 3 or in_colour) or pictures.size == 0:
        raise ValueError(
            "pictures: expected (images, height, width) with 1 or 3 channels at the end or none, "
            f"got {pictures.shape}; a single image is image[None]"
        )
    if titles is None:
        titles = [""] * len(pictures)
    if isinstance(titles, str):
        titles = list(titles)  # a letter for each
    titles = arguments.texts(titles, "titles", len(pictures))
    rows, columns = rows_and_columns(len(pictures), columns)
    named = (
        ": " + ", ".join(titles) if any(titles) else f" of {size_text(pictures.shape[1:3])} pixels"
    )
    alt = arguments.optional_text(alt, "alt") or f"{len(pictures)} images{named}"
    lines = [line for title in titles for line in title.split("\n")]
    side = max(size, LETTER * max(map(len, lines)))  # wide enough for every title
    above = LINE * max(title.count("\n") + 1 for title in titles) if any(titles) else 0
    kind = DescribedFigure if pictures.ndim == 3 else Photographs
    figure = kind(alt, columns * side, rows * (side + above))
    axes = figure.panels(rows, columns, len(pictures))
    scale = {"vmin": pictures.min(), "vmax": pictures.max(), "cmap": "gray"}
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        ax.axis("off")
        if in_colour:
            picture = for_page(picture, side).astype(picture.dtype)
        ax.imshow(picture, interpolation="nearest", **(scale if picture.ndim == 2 else {}))
        ax.set_title(title, fontsize=10)
    return figure


def as_picture(image):
    """An image (height, width, channels) as matplotlib draws it: three channels are colours.

    Gives (height, width, 3) from 0 to 1, or the mean of other channels, (height, width), in grey.
    """
    return np.clip(image, 0, 1) if image.shape[2] == 3 else image.mean(axis=2)
