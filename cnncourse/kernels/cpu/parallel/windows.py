"""Where a pooling window lies on an image, along one side."""

from ...compiled_code import jit


@jit(inline="always")
def cells_on_image(start, cells, size):
    """Which cells of a window lie on the image: the first, and after the last.

    The window has ``cells`` cells from pixel ``start`` on, which is negative where padding comes
    first; the image has ``size`` pixels.
    """
    return max(0, -start), min(cells, size - start)


@jit(inline="always")
def windows_on_pixel(pixel, cells, stride, windows):
    """Which windows hold a pixel: the first, and after the last, which is smaller if none does.

    There are ``windows`` windows of ``cells`` cells, ``stride`` pixels apart. The pixel is counted
    from where the first of them starts.
    """
    return max(0, (pixel - cells) // stride + 1), min(windows, pixel // stride + 1)


@jit(inline="always")
def windows_with_cell(start, stride, size, windows):
    """Which windows have one of their cells on the image: the first, and after the last.

    The first of the ``windows`` windows, ``stride`` pixels apart, has it at pixel ``start``, which
    is negative where padding comes first; the image has ``size`` pixels.
    """
    return max(0, -(start // stride)), min(windows, (size - 1 - start) // stride + 1)
