"""How far training has moved each filter."""

import numpy as np

from ..support.checks import finite, numbers


def filter_changes(before, after):
    """By how much each filter has changed, relative to its size before: (filters,) float64.

    ‖after − before‖ / ‖before‖: 0 is unchanged, 1 as far as it was large. Where a filter was 0,
    infinity, or 0 if it still is.

    ``before``, ``after``: (height, width, channels, filters), the first of ``layer.get_weights()``
    before and after training. Raises ``ValueError`` for other or different shapes, ``TypeError``
    for what is no array.

    >>> filter_changes(np.ones((3, 3, 1, 2)), np.ones((3, 3, 1, 2)) * [1.0, 3.0])
    array([0., 2.])
    """
    before, after = kernels(before, after)
    largest = max(np.abs(before).max(), np.abs(after).max()) or 1
    before, after = before / largest, after / largest  # so that no square is too large
    moved = np.linalg.norm((after - before).reshape(-1, after.shape[3]), axis=0)
    size = np.linalg.norm(before.reshape(-1, before.shape[3]), axis=0)
    with np.errstate(divide="ignore"):
        return np.divide(moved, size, out=np.zeros_like(moved), where=moved > 0)


def kernels(before, after):
    """Both as float64 of one shape, (height, width, channels, filters)."""
    arrays = []
    for array, name in (before, "before"), (after, "after"):
        array = finite(numbers(array, name), name)
        if array.ndim != 4 or array.size == 0:
            raise ValueError(
                f"{name}: expected the weights of a convolutional layer, (height, width, channels, "
                f"filters), got {array.shape}; take layer.get_weights()[0]"
            )
        arrays.append(array.astype(np.float64))
    if arrays[0].shape != arrays[1].shape:
        raise ValueError(
            "before and after: expected two kernels of one shape, got "
            f"{arrays[0].shape} and {arrays[1].shape}"
        )
    return arrays
