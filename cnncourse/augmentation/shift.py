"""Images moved, to see what a layer makes of it."""

import numpy as np

from ..support.checks import numbers, whole_number


def shift(images, down=0, right=0):
    """The images, moved by whole pixels; what enters at the other side is 0.

    ``images``: (images, height, width, …), any number type; ``down``, ``right``: pixels, below 0
    for up and left. Gives a new array of the same shape and type. Raises ``ValueError``
    for arrays of fewer axes, ``TypeError`` for pixels that are no whole numbers.

    >>> shift([[[1, 2], [3, 4]]], down=1)
    array([[[0, 0],
            [1, 2]]])
    """
    images = numbers(images, "images")
    if images.ndim < 3:
        raise ValueError(
            f"shift: expected (images, height, width, …), got {images.shape}; "
            "a single image is image[None]"
        )
    down, right = whole_number(down, "down"), whole_number(right, "right")
    out = np.zeros_like(images)
    height, width = images.shape[1:3]
    to_rows, from_rows = _overlap(down, height)
    to_columns, from_columns = _overlap(right, width)
    out[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return out


def _overlap(step, size):
    """Where pixels go that move by ``step`` on a side of ``size``, and where they come from."""
    overlap = max(size - abs(step), 0)
    ahead = slice(size - overlap, None)
    behind = slice(0, overlap)
    return (ahead, behind) if step >= 0 else (behind, ahead)
