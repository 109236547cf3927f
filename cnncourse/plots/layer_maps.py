"""One image on its way through a network: maps of every layer."""

from .. import explanations
from ..support.checks import numbers, positive_int
from ..support.text import size_text
from .figure import DescribedFigure
from .images import as_picture

SIDE, LABEL = 0.85, 1.4  # inches: a map, and what stands on the left


def layer_maps(model, image, most=8):
    """A row for each layer that gives maps: its first ones for one image, the image on top.

    ``image``: (height, width, channels); ``most``: how many maps to show of a layer at most. Black
    is 0 or less, white the largest value of the layer. Raises ``ValueError`` for another image, or
    a model without maps, and what `explanations.activations` does.

    >>> import numpy as np
    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Conv2D(4, 3), layers.MaxPooling2D(2)], input_shape=(8, 8, 1))
    >>> layer_maps(model, np.zeros((8, 8, 1)), most=2)
    <Figure: One image and 2 layers' maps of it: conv2d_1, 2 of 4 maps of 6×6; max_pooling2d_1, 2 of
    4 maps of 3×3>
    """
    most = positive_int(most, "most")
    image = numbers(image, "image")
    given = explanations.activations(model, image[None])
    rows = {name: maps[0] for name, maps in given.items() if maps.ndim == 4}
    if not rows:
        raise ValueError("model: expected one with layers that give maps, such as layers.Conv2D")
    parts = [
        f"{name}, {min(maps.shape[2], most)} of {maps.shape[2]} maps of {size_text(maps.shape[:2])}"
        for name, maps in rows.items()
    ]
    alt = f"One image and {len(rows)} layers' maps of it: {'; '.join(parts)}"
    columns = max(min(maps.shape[2], most) for maps in rows.values())
    figure = DescribedFigure(alt, LABEL + SIDE * columns, SIDE * (len(rows) + 1) + 0.2)
    axes = figure.subplots(len(rows) + 1, columns, squeeze=False)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    axes[0, 0].imshow(as_picture(image), cmap="gray")
    _label(axes[0, 0], "image")
    for row, (name, maps) in zip(axes[1:], rows.items(), strict=True):
        _label(row[0], f"{name}\n{size_text(maps.shape)}")
        top = float(maps.max())
        for ax, number in zip(row, range(maps.shape[2]), strict=False):
            ax.imshow(maps[:, :, number], cmap="gray", vmin=0, vmax=top if top > 0 else 1)
    return figure


def _label(ax, text):
    ax.set_ylabel(text, rotation=0, ha="right", va="center", fontsize=9)
