"""Images with something painted over them: a class for each pixel, or heat."""

import numpy as np
from matplotlib.colors import to_rgb

from .frames_drawing import CLASS_COLOURS

HOT = np.array(to_rgb(CLASS_COLOURS[0]))
STRENGTH = 0.65  # of what is painted; the rest shines through


def masks_over(images, masks):
    """Images in grey, each pixel of an object in its class's colour.

    ``images``: (N, height, width, 3) from 0 to 1; ``masks``: (N, height, width), class numbers, 0
    for the background. Gives (N, height, width, 3).

    >>> masks_over(np.zeros((1, 1, 2, 3)), [[[0, 1]]]).round(2)
    array([[[[0.  , 0.  , 0.  ],
             [0.59, 0.41, 0.  ]]]])
    """
    masks = np.asarray(masks)
    grey = _grey(images)
    colours = np.array([(0, 0, 0), *map(to_rgb, CLASS_COLOURS)])[masks]  # (N, H, W, 3)
    return np.where(masks[..., None] > 0, (1 - STRENGTH) * grey + STRENGTH * colours, grey)


def heat_over(images, heat):
    """Images in grey, and orange where the ``heat`` is.

    ``images``: (N, height, width, 3) from 0 to 1; ``heat``: (N, rows, columns) from 0 to 1, each
    value of which is painted over a part as large as height / rows by width / columns; what is left
    at the border, half on either side, stays grey. Gives (N, height, width, 3).

    >>> heat_over(np.zeros((1, 1, 2, 3)), np.array([[[0, 1]]])).round(2)
    array([[[[0.  , 0.  , 0.  ],
             [0.59, 0.41, 0.  ]]]])
    """
    sides = [a // b for a, b in zip(images.shape[1:3], heat.shape[1:], strict=True)]
    large = heat.repeat(sides[0], axis=1).repeat(sides[1], axis=2)  # (N, H', W')
    over = STRENGTH * _bordered(large, images.shape[1:3])[..., None]
    return (1 - over) * _grey(images) + over * HOT


def _bordered(maps, sides):
    """Maps in the middle of zeros, as large as ``sides``."""
    spare = [side - own for side, own in zip(sides, maps.shape[1:], strict=True)]
    return np.pad(maps, [(0, 0), *((s // 2, s - s // 2) for s in spare)])


def _grey(images):
    """Three equal channels."""
    return np.repeat(np.asarray(images).mean(axis=-1, keepdims=True), 3, axis=-1)
