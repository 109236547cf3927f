"""Where a window lies on an image."""

from numba import njit


@njit(cache=True, inline="always")
def cells_on_image(start, cells, size):
    """The cells of a window from ``start`` on that lie on an image side: first, after the last."""
    return max(0, -start), min(cells, size - start)
