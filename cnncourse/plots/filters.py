"""What a convolutional layer has learned to look for."""

import numpy as np

from .. import explanations
from ..explanations.changes import kernels
from ..support.checks import finite, numbers, positive_int, whole_number
from .figure import DescribedFigure, rows_and_columns
from .sign_colours import NEGATIVE_WORD, POSITIVE_WORD, SIGNED_MAP


def filters(kernel, channel=0, columns=8):
    """The filters of a convolutional layer as pictures: one channel of each, on one scale.

    ``kernel``: (height, width, channels, filters), the first of ``layer.get_weights()``;
    ``channel``: which of the channels to show; ``columns``: filters in a row. White is 0, and the
    same colour is the same weight in all of them. Raises ``ValueError`` for another shape, or a
    channel that there is not.

    >>> filters(np.ones((3, 3, 1, 4)))
    <Figure: 4 filters of 3×3, from purple, −1.00, over white, 0, to orange, 1.00>
    """
    kernel = finite(numbers(kernel, "kernel"), "kernel")
    if kernel.ndim != 4 or kernel.size == 0:
        raise ValueError(
            "kernel: expected the weights of a convolutional layer, (height, width, channels, "
            f"filters), got {kernel.shape}; take layer.get_weights()[0]"
        )
    height, width, channels, count = kernel.shape
    channel = _channel(channel, channels)
    pictures = np.moveaxis(kernel[:, :, channel], -1, 0)  # (filters, height, width)
    limit = float(abs(pictures).max()) or 1.0
    alt = f"{count} filters of {height}×{width}"
    if channels > 1:
        alt += f", their channel {channel} of {channels}"
    alt += f", from {NEGATIVE_WORD}, −{limit:.2f}, over white, 0, to {POSITIVE_WORD}, {limit:.2f}"
    return grid(pictures, columns, alt, SIGNED_MAP, -limit, limit, "weight")


def filters_before_and_after(before, after, channel=0, most=12):
    """Filters before training, above, and after it, below: one channel of each, on one scale.

    ``before``, ``after``: (height, width, channels, filters), the first of ``layer.get_weights()``
    at either time; ``channel``: which of the channels to show; ``most``: how many filters at most.
    Over each pair stands by how much the filter has changed, relative to its size before, with all
    its channels: `explanations.filter_changes`. Raises what it does, and ``ValueError`` for a
    channel that there is not.

    >>> filters_before_and_after(np.ones((3, 3, 1, 2)), np.ones((3, 3, 1, 2)) * [1.0, -2.0])
    <Figure: 2 filters of 3×3 before training, above, and after it, below. They have changed, \
relative to their size, by 0 %, 300 %; from purple, −2.00, over white, 0, to orange, 2.00>
    """
    changes = explanations.filter_changes(before, after)
    before, after = kernels(before, after)
    height, width, channels, count = before.shape
    channel = _channel(channel, channels)
    shown = min(count, positive_int(most, "most"))
    pairs = np.stack([before, after])[:, :, :, channel, :shown]  # (2, U, V, filters)
    limit = float(abs(pairs).max()) or 1.0
    said = [f"{100 * change:.0f} %" for change in changes[:shown]]
    number = str(count) if shown == count else f"{shown} of {count}"
    alt = f"{number} filters of {height}×{width} before training, above, and after it, below. "
    alt += f"They have changed, relative to their size, by {', '.join(said)}; "
    alt += f"from {NEGATIVE_WORD}, −{limit:.2f}, over white, 0, to {POSITIVE_WORD}, {limit:.2f}"
    pictures = np.moveaxis(pairs, -1, 1).reshape(-1, height, width)
    figure = grid(pictures, shown, alt, SIGNED_MAP, -limit, limit, "weight")
    for ax, text in zip(figure.axes, said, strict=False):
        ax.set_title(text, fontsize=9)
    figure.axes[0].set_ylabel("before")
    figure.axes[shown].set_ylabel("after")
    return figure


def _channel(channel, channels):
    """Which channel to show, checked."""
    channel = whole_number(channel, "channel", least=0)
    if channel >= channels:
        raise ValueError(
            f"channel must be from 0 to {channels - 1}, as the kernel has {channels}, got {channel}"
        )
    return channel


def feature_maps(maps, columns=8):
    """What each filter finds in one image: the feature maps that a layer gives, on one scale.

    ``maps``: (height, width, filters), one image's output of a convolutional layer, such as
    ``layer(images)[0]``; ``columns``: maps in a row. Raises ``ValueError`` for another shape.

    >>> feature_maps(np.ones((24, 24, 4)))
    <Figure: 4 feature maps of 24×24, the brighter the larger, from 0.00 to 1.00>
    """
    maps = finite(numbers(maps, "maps"), "maps")
    if maps.ndim != 3 or maps.size == 0:
        raise ValueError(
            f"maps: expected those of one image, (height, width, filters), got {maps.shape}; "
            "take one image's: layer(images)[0]"
        )
    height, width, count = maps.shape
    low, high = min(float(maps.min()), 0.0), max(float(maps.max()), 0.0)
    if high == low:
        high = low + 1
    alt = f"{count} feature maps of {height}×{width}, the brighter the larger, "
    alt += f"from {low:.2f} to {high:.2f}"
    return grid(np.moveaxis(maps, -1, 0), columns, alt, "gray", low, high, "value")


def grid(pictures, columns, alt, colours, low, high, unit):
    """Pictures (N, height, width) in rows, with one bar that says what the colours mean."""
    rows, columns = rows_and_columns(len(pictures), columns)
    figure = DescribedFigure(alt, columns + 1, max(rows, 2))
    axes = figure.panels(rows, columns, len(pictures))
    for ax, picture in zip(axes, pictures, strict=True):
        shown = ax.imshow(picture, cmap=colours, vmin=low, vmax=high)
        ax.set(xticks=[], yticks=[])
    figure.colorbar(shown, ax=figure.axes, label=unit, shrink=0.8)
    return figure
