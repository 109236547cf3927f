"""Values and images as the browser paints them."""

import numpy as np

STEPS = 127  # the largest int8


def in_shades(values):
    """Values of any shape as shades, int8: 0 stays 0, the largest magnitude is 127.

    >>> in_shades(np.array([0, 0.5, -1]))
    array([   0,   64, -127], dtype=int8)
    """
    largest = float(np.abs(values).max(initial=0)) or 1.0
    return np.rint(values * (STEPS / largest)).astype(np.int8)


def in_colours(images):
    """Images (…, channels) in red, green and blue, uint8: (…, 3); others by channel 0, in grey.

    Values from 0 to 1, or to the largest, if that is more; what lies below 0 is black.

    >>> in_colours(np.array([[0.0], [1.0]]))
    array([[  0,   0,   0],
           [255, 255, 255]], dtype=uint8)
    """
    images = np.clip(images / max(1, images.max(initial=0)), 0, 1)
    if images.shape[-1] != 3:
        images = np.repeat(images[..., :1], 3, axis=-1)
    return np.rint(255 * images).astype(np.uint8)
