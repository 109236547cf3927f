"""Where a pooling window lies on an image."""

from ...compiled_code import jit


@jit(inline="always")
def cells_on_image(start, cells, size):
    """Which cells of a window lie on the image, along one side: the first, and after the last.

    The window has ``cells`` cells from pixel ``start`` on, which is negative where padding comes
    first; the image has ``size`` pixels.
    """
    return max(0, -start), min(cells, size - start)
