"""What one filter looks for, found in images that there are.

Source: Zeiler & Fergus, *Visualizing and Understanding Convolutional Networks*, 2014.
"""

from typing import NamedTuple

import numpy as np

from ..receptive_field import cut, trace
from ..support.checks import positive_int, whole_number
from .arguments import checked_images, layer_of_maps, maps_of
from .passes import Pass, batches, operations_of, row_to


class Patches(NamedTuple):
    """What `strongest_patches` gives, strongest first."""

    values: np.ndarray  # (count,) of the filter's map at that position
    images: np.ndarray  # (count,) int64, which image
    positions: np.ndarray  # (count, 2) int64, row and column in the map
    corners: np.ndarray  # (count, 2) int64, the patch's first row and column, negative in padding
    # (count, height, width, channels), 0 in the padding, and where a patch is smaller than others
    pixels: np.ndarray


def strongest_patches(model, images, layer=None, filter=0, count=9):
    """The patches of images to which one filter responds most: at most one of each image.

    A patch is the receptive field of the position where the filter's map is largest.

    Parameters
    ----------
    model : Sequential
    images : array (images, height, width, channels)
        Where to look; the more, the clearer.
    layer : str or Layer
        The layer, or its name; the last convolution if left out, or the residual block that it is
        in. Its activation counts as part of it.
    filter : int
        Which of the layer's filters, from 0.
    count : int
        How many patches to give at most.

    Returns `Patches`. Raises ``ValueError`` or ``TypeError``, which names the argument.

    >>> import numpy as np
    >>> from cnncourse import Sequential, layers
    >>> model = Sequential([layers.Conv2D(1, 2, use_bias=False)], input_shape=(4, 4, 1))
    >>> model.layers[0].set_weights([np.ones((2, 2, 1, 1))])
    >>> images = np.zeros((1, 4, 4, 1)); images[0, 2:, 1:3] = 1
    >>> found = strongest_patches(model, images)
    >>> found.values, found.corners
    (array([4.], dtype=float32), array([[2, 1]]))
    """
    images = checked_images(model, images)
    layer = layer_of_maps(model, layer)
    count = positive_int(count, "count")
    ours = row_to(model.layers, layer)
    rows, columns, filters = maps_of(model, layer)
    filter = whole_number(filter, "filter", least=0)
    if filter >= filters:
        raise ValueError(
            f"filter must be from 0 to {filters - 1}, as {layer.name} has {filters}, got {filter}"
        )
    operations = operations_of(ours)
    maps = np.concatenate(
        [Pass(operations, part, model.backend).result()[..., filter] for part in batches(images)]
    ).reshape(len(images), -1)  # (N, I · J)
    best = maps.argmax(axis=1)  # (N,)
    values = maps[np.arange(len(maps)), best]
    chosen = np.argsort(-values, kind="stable")[:count]
    positions = np.stack(np.unravel_index(best[chosen], (rows, columns)), axis=1)
    fields = [trace(ours, model.input_shape, tuple(map(int, at)))[0] for at in positions]
    sides = [max(map(len, ranges)) for ranges in zip(*fields, strict=True)]
    pixels = np.zeros((len(chosen), *sides, images.shape[-1]), images.dtype)
    for patch, k, field in zip(pixels, chosen, fields, strict=True):
        down, right = map(len, field)
        patch[:down, :right] = cut(images[k], field)
    return Patches(
        values[chosen],
        chosen,
        positions,
        np.array([(down.start, right.start) for down, right in fields]),
        pixels,
    )
