"""Augmentation: new training images from old ones, by changes that leave the label as it is.

The functions take a batch, or a whole data set, and give new images of the same shape. A loop calls
them anew for each epoch, so that the network rarely sees the same picture twice:

    for epoch in range(epochs):
        model.fit(random_shift(images, 2, rng), labels)
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .checks import numbers, positive_int


def random_shift(images, pixels, rng):
    """Each image moved by up to ``pixels`` rows and columns, in a direction of its own.

    ``images``: (images, height, width, channels); ``rng``: a ``numpy.random.Generator``. What moves
    in from outside is 0. Raises ``ValueError`` for another shape, or ``pixels`` below 1.

    >>> image = np.ones((1, 2, 2, 1))
    >>> random_shift(image, 1, np.random.default_rng(2))[0, :, :, 0]
    array([[0., 1.],
           [0., 0.]])
    """
    images, pixels = _batch(images), positive_int(pixels, "pixels")
    count, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (pixels, pixels), (pixels, pixels), (0, 0)))
    # every place that the window of an image could be cut from: (N, 2p+1, 2p+1, C, H, W), no copy
    windows = sliding_window_view(padded, (height, width), axis=(1, 2))
    rows, columns = rng.integers(0, 2 * pixels + 1, (2, count))
    return np.moveaxis(windows[np.arange(count), rows, columns], 1, -1)  # (N, H, W, C)


def random_flip(images, rng):
    """Half of the images, chosen by chance, as in a mirror: left and right change places.

    For clothes, not for digits. ``images``: (images, height, width, channels); ``rng``: a
    ``numpy.random.Generator``. Raises ``ValueError`` for another shape.

    >>> random_flip([[[[1], [2]]]], np.random.default_rng(0))[0, :, :, 0]
    array([[1, 2]])
    >>> random_flip([[[[1], [2]]]], np.random.default_rng(3))[0, :, :, 0]
    array([[2, 1]])
    """
    images = _batch(images)
    flipped = rng.random(len(images)) < 0.5  # (N,)
    return np.where(flipped[:, None, None, None], images[:, :, ::-1], images)


def _batch(images):
    images = numbers(images, "images")
    if images.ndim != 4:
        raise ValueError(
            f"images: expected (images, height, width, channels), got {images.shape}; "
            "one image is image[None]"
        )
    return images
