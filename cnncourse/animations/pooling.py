"""Pooling: a window slides, and of each place one value is left."""

import numpy as np

from ..kernels.geometry import Geometry, as_padding, as_pair
from ..plots.figure import DescribedFigure
from ..plots.grids import draw_grids, in_words, short, size
from ..support.arguments import one_of
from ..support.checks import finite, numbers
from ..support.text import size_text
from .movie import Movie

KINDS = ("max", "average")
SUM, WIDTH = 0.45, 6  # inches: the line below the cells, and the least width for it


def pooling(image, pool_size=2, strides=None, padding="valid", kind="max"):
    """Max or average pooling of one channel: a picture for each position of the window.

    The window is framed, and in max pooling so is the value that wins, which alone will get the
    gradient in the backward pass. ``image``: (height, width); ``pool_size``, ``strides``,
    ``padding``: as for `layers.MaxPooling2D`; what padding adds never counts, and is not drawn;
    ``kind``: ``"max"`` or ``"average"``. Raises ``ValueError`` for other shapes or more than 100
    positions, ``TypeError`` for what is no array.

    >>> pooling([[1, 2, 0, 0], [3, 4, 0, 8]])
    <Movie of 2 pictures: Max pooling of an image of 2×4, window 2×2, stride 2×2. Image: 1 2 0 0, 3
    4 0 8. Result: 4 8>
    """
    image = finite(numbers(image, "image"), "image").astype(float)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"image: expected one channel, (height, width), got {image.shape}")
    window = as_pair(pool_size, "pool_size")
    strides = window if strides is None else as_pair(strides, "strides")
    kind = one_of(kind, "kind", KINDS)
    geometry = Geometry.of(image.shape, window, strides, as_padding(padding))
    parts = {position: _part(geometry, position) for position in np.ndindex(geometry.output)}
    if any(start >= stop for part in parts.values() for start, stop in part):
        raise ValueError("padding must be smaller than pool_size: a window would see no pixel")
    take = np.max if kind == "max" else np.mean
    result = np.array([take(_seen(image, part)) for part in parts.values()])
    result = result.reshape(geometry.output)  # (I, J)
    alt = (
        f"{kind.capitalize()} pooling of an image of {size_text(image.shape)}, window "
        f"{size_text(window)}, stride {size_text(strides)}. Image: {in_words(image)}. Result: "
        f"{in_words(result)}"
    )
    return Movie(alt, list(parts), lambda at: _picture(image, result, kind, at, parts[at]))


def _part(geometry, position):
    """First row and the one behind the last, and the same for columns, inside the image."""
    starts = [
        at * stride - before
        for at, stride, before in zip(position, geometry.strides, geometry.before, strict=True)
    ]
    return tuple(
        (max(start, 0), min(start + cells, side))
        for start, cells, side in zip(starts, geometry.window, geometry.image, strict=True)
    )


def _seen(image, part):
    (top, bottom), (left, right) = part
    return image[top:bottom, left:right]


def _picture(image, result, kind, position, part):
    """The window at one position, and the result as far as it is known then."""
    (top, bottom), (left, right) = part
    seen = _seen(image, part)
    frames = {"image": [(top, left, bottom - top, right - left)], "result": [(*position, 1, 1)]}
    if kind == "max":
        row, column = np.unravel_index(seen.argmax(), seen.shape)
        frames["image"].append((top + row, left + column, 1, 1))
        text = f"the largest of {', '.join(map(short, seen.flat))} is {short(result[position])}"
    else:
        sum_ = " + ".join(short(n) if n >= 0 else f"({short(n)})" for n in seen.flat)
        text = f"({sum_}) / {seen.size} = {short(result[position])}"
    known = np.arange(result.size).reshape(result.shape)
    known = known <= position[0] * result.shape[1] + position[1]
    tables = {"image": image, "result": np.where(known, result, np.nan)}
    width, height = size(tables)
    figure = DescribedFigure(text, max(width, WIDTH), height + SUM)
    figure.set_layout_engine(None)  # or the parts would move from picture to picture
    share = SUM / (height + SUM)
    draw_grids(figure.add_axes((0, share, 1, 1 - share)), tables, frames)
    figure.text(0.5, share / 2, text, ha="center", va="center", fontsize=11)
    return figure
