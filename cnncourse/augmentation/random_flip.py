"""Half of the images mirrored."""

import numpy as np

from ..support.arguments import generator
from .batch import as_batch


def random_flip(images, rng):
    """Half of the images, drawn at random, mirrored left to right.

    For clothes, not for digits. ``images``: (images, height, width, channels), any number type;
    ``rng``: a ``numpy.random.Generator``. Gives a new array of the same shape and type. Raises
    ``ValueError`` for another shape, ``TypeError`` for what is no array, or no generator.

    >>> random_flip([[[[1], [2]]]], np.random.default_rng(0))[0, :, :, 0]
    array([[1, 2]])
    >>> random_flip([[[[1], [2]]]], np.random.default_rng(3))[0, :, :, 0]
    array([[2, 1]])
    """
    images = as_batch(images)
    flipped = generator(rng).random(len(images)) < 0.5  # (N,)
    return np.where(flipped[:, None, None, None], images[:, :, ::-1], images)
