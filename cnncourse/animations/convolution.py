"""A convolutional layer at work, every value visible: padding, stride, channels, filters.

In the spirit of the running demo of Stanford's course CS231n.
"""

import numpy as np
from matplotlib.patches import Rectangle

from ..kernels.geometry import Geometry, as_padding, as_pair
from ..plots.figure import DescribedFigure
from ..plots.grids import draw_cells, draw_frame, in_words, short
from ..support.checks import finite, numbers
from ..support.text import size_text
from .movie import Movie

CELL = 0.31  # inches
GAP, TITLE = 1.6, 1.3  # cells: between arrays, above them
SMALL = 9  # points


def convolution(image, kernel, bias=None, strides=1, padding="valid"):
    """A convolutional layer on one image: a picture for each position of the window.

    In the upper row the image's channels with their padding; below, a row for each filter: its
    weights for each channel with the sum of their products, the bias, and its feature map.

    ``image``: (height, width, channels); ``kernel``: (height, width, channels, filters); ``bias``:
    (filters,), zeros if left out; ``strides``, ``padding``: as for `layers.Conv2D`. Raises
    ``ValueError`` where shapes do not fit or there are more than 100 positions, ``TypeError`` for
    what is no array.

    >>> ones = np.ones((3, 3, 2, 1))
    >>> movie = convolution(np.ones((3, 3, 2)), ones, [0.5], strides=2, padding=1)
    >>> movie.figures[0].alt
    'position (0, 0). Map 0: 4 + 4 + bias 0.5 = 8.5'
    """
    image, kernel = (
        finite(numbers(array, name), name).astype(float)
        for array, name in ((image, "image"), (kernel, "kernel"))
    )
    if image.ndim != 3 or kernel.ndim != 4 or image.shape[2] != kernel.shape[2] or not kernel.size:
        raise ValueError(
            "image and kernel: expected an image (height, width, channels) and a kernel (height, "
            f"width, channels, filters), got {image.shape} and {kernel.shape}"
        )
    bias = np.zeros(kernel.shape[3]) if bias is None else finite(numbers(bias, "bias"), "bias")
    if bias.shape != kernel.shape[3:]:
        raise ValueError(f"bias: expected one for each of {kernel.shape[3]} filters, (filters,), "
                         f"got {bias.shape}")  # fmt: skip
    strides, padding = as_pair(strides, "strides"), as_padding(padding)
    geometry = Geometry.of(image.shape[:2], kernel.shape[:2], strides, padding)
    padded, inside = _padded(image, geometry, padding)
    parts = np.zeros((*geometry.output, *kernel.shape[2:]))  # (I, J, C, O): one sum per channel
    rows, columns = geometry.window
    for i, j in np.ndindex(geometry.output):
        top, left = i * strides[0], j * strides[1]
        seen = padded[top : top + rows, left : left + columns]
        parts[i, j] = np.einsum("uvc,uvco->co", seen, kernel)
    maps = parts.sum(axis=2) + bias  # (I, J, O)
    alt = (
        f"A convolutional layer on an image of {size_text(image.shape)}, padding "
        f"{_pair_text(padding)}: {kernel.shape[3]} filters of {size_text(kernel.shape[:3])} with "
        f"stride {_pair_text(strides)}. At each of {geometry.output[0] * geometry.output[1]} "
        "positions, each filter multiplies all channels in its window by its weights, adds "
        "everything up, and adds its bias. "
        + ". ".join(f"Map {o}: {in_words(maps[:, :, o])}" for o in range(len(bias)))
    )

    def draw(position):
        return _picture(padded, inside, kernel, bias, parts, maps, geometry, position)

    return Movie(alt, list(np.ndindex(geometry.output)), draw)


def _padded(image, geometry, padding):
    """The image with zeros around it, and which of its positions are the image's own."""
    pads = padding if isinstance(padding, tuple) else (0, 0)
    widths = []
    for axis in 0, 1:
        last = (geometry.output[axis] - 1) * geometry.strides[axis] + geometry.window[axis]
        behind = last - geometry.before[axis] - image.shape[axis]
        widths.append((geometry.before[axis], max(behind, pads[axis])))
    inside = np.pad(np.ones(image.shape[:2], bool), widths)
    return np.pad(image, (*widths, (0, 0))), inside


def _pair_text(value):
    """A pair as people write it: one number for both if they are equal."""
    if isinstance(value, str):
        return value
    return str(value[0]) if value[0] == value[1] else size_text(value)


def _picture(padded, inside, kernel, bias, parts, maps, geometry, position):
    """The windows at one position, and the maps as far as they are known then."""
    height, width, channels = padded.shape
    rows, columns, _, filters = kernel.shape
    (i, j), (down, right) = position, geometry.strides
    sums = [
        " + ".join(_signed(part) for part in parts[i, j, :, o])
        + f" + bias {_signed(bias[o])} = {short(maps[i, j, o])}"
        for o in range(filters)
    ]
    said = ". ".join(f"Map {o}: {text}" for o, text in enumerate(sums))
    step = width + GAP
    wide = channels * step + GAP + 2 + geometry.output[1] + 1
    below = max(rows, geometry.output[0]) + TITLE + 1.5  # of a filter's row
    tall = TITLE + height + filters * below
    figure = DescribedFigure(f"position ({i}, {j}). {said}", CELL * wide, CELL * tall)
    figure.set_layout_engine(None)  # or the parts would move from picture to picture
    ax = figure.add_axes((0, 0, 1, 1))
    for c in range(channels):
        x = 0.5 + c * step
        _title(ax, x + width / 2, TITLE, f"channel {c}, padded")
        _table(ax, x, TITLE, padded[:, :, c], padded, inside)
        draw_frame(ax, x + j * right, TITLE + i * down, columns, rows)
    for o in range(filters):
        y = TITLE + height + o * below + TITLE
        middle = y + rows / 2
        for c in range(channels):
            x = 0.5 + c * step + (width - columns) / 2
            _title(ax, x + columns / 2, y, f"filter {o}, channel {c}")
            _table(ax, x, y, kernel[:, :, c, o], kernel)
            total = f"sum of products: {short(parts[i, j, c, o])}"
            ax.text(
                x + columns / 2, y + rows + 0.5, total, ha="center", va="center", fontsize=SMALL
            )
            sign = "+" if c + 1 < channels else f"+ bias {_signed(bias[o])}  ="
            ax.text(x + columns + 0.5, middle, sign, ha="left", va="center", fontsize=SMALL + 2)
        known = np.arange(maps[..., 0].size).reshape(geometry.output)
        known = known <= i * geometry.output[1] + j
        x = channels * step + GAP + 2
        _title(ax, x + geometry.output[1] / 2, y, f"map {o}")
        _table(ax, x, y, np.where(known, maps[:, :, o], np.nan), maps)
        draw_frame(ax, x + j, y + i, 1, 1)
    ax.set(xlim=(0, wide), ylim=(tall, 0))
    ax.axis("off")
    return figure


def _table(ax, x, y, table, scale, inside=None):
    """Cells of one channel; the strongest colour is the largest value of ``scale``."""
    largest = np.abs(scale).max() or 1
    draw_cells(ax, x, y, table, largest, room=72 * CELL)
    if inside is None:
        return
    for row, column in np.argwhere(~inside):
        grey = Rectangle((x + column, y + row), 1, 1, fc="0.85", ec="0.75", lw=0.8, alpha=0.6)
        ax.add_patch(grey)


def _title(ax, x, y, text):
    ax.text(x, y - 0.25, text, ha="center", va="bottom", fontsize=SMALL + 1)


def _signed(value):
    return short(value) if value >= 0 else f"({short(value)})"
