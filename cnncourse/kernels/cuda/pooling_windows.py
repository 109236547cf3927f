"""What the pooling kernels share: which thread does which element, and the sizes they look up.

Block (row, part) of a grid works on one row of one image's output (or input, in the backward pass):
thread k of it on column k // channels and channel k % channels, so neighbours read and write side
by side (coalesced access). In the backward pass a thread is an input's: it *gathers* what its
element gets from all the windows that lie on it, in a fixed order. Were it the other way round,
each window *scattering* to its pixels, then windows that overlap would race for them.
"""

from functools import lru_cache

from .compiler import device
from .index_tables import table
from .launching import blocks

THREADS = 128  # of a block

# The indices of a kernel's ``sizes``; numba compiles them as constants.
(
    HEIGHT,
    WIDTH,
    WINDOW_HEIGHT,
    WINDOW_WIDTH,
    STRIDE_DOWN,
    STRIDE_RIGHT,
    PADDING_TOP,
    PADDING_LEFT,
    OUT_HEIGHT,
    OUT_WIDTH,
    DILATION_DOWN,
    DILATION_RIGHT,
    CHANNELS,
) = range(13)


@lru_cache(maxsize=256)
def sizes_of(geometry, channels):
    """All that the kernels must know of a `Geometry`, on the GPU: int32 (13,), in that order."""
    pairs = (
        geometry.image,
        geometry.window,
        geometry.strides,
        geometry.before,
        geometry.output,
        geometry.dilation,
    )
    return table([size for pair in pairs for size in pair] + [channels])


def grid_over(shape):
    """The grid and the threads of a block, for a thread for each element of ``shape`` (N, H, W, C).

    >>> grid_over((2, 5, 10, 16))
    ((10, 2), 128)
    """
    images, height, width, channels = shape
    return (images * height, blocks(width * channels, THREADS)), THREADS


@device
def first_window(pixel, before, window, stride):
    """The index of the first window that lies on a pixel, along one axis.

    Windows start at −before, −before + stride …; ``window`` is their size. Where none lies on the
    pixel, it is the index of the next one, which may be beyond the last.
    """
    return (pixel + before - window + stride) // stride if pixel + before >= window else 0
