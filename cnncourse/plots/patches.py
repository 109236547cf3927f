"""What filters look for: in images that there are, and in images made for them."""

from .. import explanations
from ..explanations.arguments import filter_numbers, layer_of_maps, maps_of
from ..support.text import size_text
from .figure import DescribedFigure, rows_and_columns
from .images import as_picture

SIDE = 0.8  # inches: a patch
LABEL = 0.9  # inches: what stands on the left


def strongest_patches(model, images, layer=None, filters=range(8), count=9):
    """A row for each filter: the patches of images to which it responds most, strongest first.

    ``model``, ``images``, ``layer`` and ``count`` are those of `explanations.strongest_patches`;
    ``filters``: the filter's number, or a list of them. A grey patch is as bright as the image is
    there; what lies in the padding is black. Raises what `explanations.strongest_patches` does.
    """
    layer, chosen = _layer_and_filters(model, layer, filters)
    found = [
        explanations.strongest_patches(model, images, layer, number, count) for number in chosen
    ]
    size = size_text(found[0].pixels.shape[1:3])
    parts = [f"filter {k}, {f.values[0]:.3g} to {f.values[-1]:.3g}" for k, f in
             zip(chosen, found, strict=True)]  # fmt: skip
    alt = (
        f"For each of {len(chosen)} filters of {layer.name}, the {len(found[0].values)} patches of "
        f"{size} pixels to which it responds most: {'; '.join(parts)}"
    )
    figure = DescribedFigure(alt, LABEL + SIDE * len(found[0].values), SIDE * len(chosen) + 0.2)
    axes = figure.subplots(len(chosen), len(found[0].values), squeeze=False)
    for number, patches, row in zip(chosen, found, axes, strict=True):
        row[0].set_ylabel(f"filter {number}", rotation=0, ha="right", va="center", fontsize=10)
        for ax, patch in zip(row, patches.pixels, strict=True):
            _draw(ax, patch)
    return figure


def preferred_images(model, layer=None, filters=None, steps=60, seed=0, columns=8):
    """For each filter the image that was made for it by gradient ascent.

    Arguments are those of `explanations.preferred_images`; ``columns``: images in a row. Raises
    what `explanations.preferred_images` does.
    """
    images = explanations.preferred_images(model, layer, filters, steps, seed)
    layer, chosen = _layer_and_filters(model, layer, filters)
    alt = (
        f"For each of {len(chosen)} filters of {layer.name}, the image of "
        f"{size_text(images.shape[1:3])} pixels that was made for it by gradient ascent"
    )
    rows, columns = rows_and_columns(len(images), columns)
    figure = DescribedFigure(alt, columns * 1.1, rows * 1.3)
    for ax, image, number in zip(figure.panels(rows, columns, len(images)), images, chosen,
                                 strict=True):  # fmt: skip
        _draw(ax, image)
        ax.set_title(str(number), fontsize=10)
    return figure


def _layer_and_filters(model, layer, filters):
    """The layer, and the numbers of its filters; of a range that is too long, those it has."""
    layer = layer_of_maps(model, layer)
    count = maps_of(model, layer)[2]
    if isinstance(filters, range):
        filters = [number for number in filters if number < count]
    return layer, filter_numbers(filters, count)


def _draw(ax, patch):
    """A patch in grey or in colours, from 0 (black) to 1 (white)."""
    ax.imshow(as_picture(patch), cmap="gray", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_color("0.7")
