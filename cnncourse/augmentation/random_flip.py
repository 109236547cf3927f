"""Images as in a mirror."""

import numpy as np

from .batch import as_batch


def random_flip(images, rng):
    """Half of the images, chosen by chance, as in a mirror: left and right change places.

    For clothes, not for digits. ``images``: (images, height, width, channels); ``rng``: a
    ``numpy.random.Generator``. Raises ``ValueError`` for another shape.

    >>> random_flip([[[[1], [2]]]], np.random.default_rng(0))[0, :, :, 0]
    array([[1, 2]])
    >>> random_flip([[[[1], [2]]]], np.random.default_rng(3))[0, :, :, 0]
    array([[2, 1]])
    """
    images = as_batch(images)
    flipped = rng.random(len(images)) < 0.5  # (N,)
    return np.where(flipped[:, None, None, None], images[:, :, ::-1], images)
