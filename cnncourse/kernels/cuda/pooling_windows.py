"""What the pooling kernels share: which thread does which number, and the sizes they look up.

Block (row, part) of a grid works on one row of one image's output (or input, on the way back):
thread k of it on column k // channels and channel k % channels, so neighbours read and write side
by side. On the way back, thread and number are an input's: it *gathers* what it gets from all the
windows that lie on it, in a fixed order. Were it the other way round, each window *scattering* to
its pixels, then windows that overlap would race for them.
"""

from functools import lru_cache

from .compiler import device
from .index_tables import table
from .launching import blocks

THREADS = 128


@lru_cache(maxsize=256)
def sizes(geometry, channels):
    """All that the kernels must know of a geometry, in the order in which `SIZES` are looked up."""
    fields = geometry.image, geometry.window, geometry.strides, geometry.before, geometry.output
    return table([number for pair in fields for number in pair] + [channels])


def over(shape):
    """The grid and the threads for a thread for each number of ``shape`` (N, H, W, C)."""
    images, height, width, channels = shape
    return (images * height, blocks(width * channels, THREADS)), THREADS


@device
def first_window(pixel, before, window, stride):
    """The first of the windows that lie on a pixel, which may be one that is not there: −1, −2 …

    Windows start at −before, −before + stride …
    """
    return (pixel + before - window + stride) // stride if pixel + before >= window else 0
