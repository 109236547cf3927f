"""Each image moved a little, in a direction of its own."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..support.arguments import generator
from ..support.checks import whole_number
from .batch import as_batch

MOST_PIXELS = 10_000


def random_shift(images, pixels, rng):
    """Each image moved by up to ``pixels`` rows and columns, in a direction of its own.

    ``images``: (images, height, width, channels), any number type; ``rng``: a
    ``numpy.random.Generator``. What moves in from outside is 0. Gives a new array of the same shape
    and type. Raises ``ValueError`` for another shape, or ``pixels`` below 1 or above 10,000,
    ``TypeError`` for what is no array, or no generator.

    >>> image = np.ones((1, 2, 2, 1))
    >>> random_shift(image, 1, np.random.default_rng(2))[0, :, :, 0]
    array([[0., 1.],
           [0., 0.]])
    """
    images = as_batch(images)
    pixels = whole_number(pixels, "pixels", least=1, most=MOST_PIXELS)
    generator(rng)
    count, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (pixels, pixels), (pixels, pixels), (0, 0)))
    # every crop of each padded image: (N, 2p+1, 2p+1, C, H, W), no copy
    windows = sliding_window_view(padded, (height, width), axis=(1, 2))
    rows, columns = rng.integers(0, 2 * pixels + 1, (2, count))
    return np.moveaxis(windows[np.arange(count), rows, columns], 1, -1)  # (N, H, W, C)
