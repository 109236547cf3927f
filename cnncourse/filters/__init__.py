"""Filters by hand: convolution taken apart, and kernels that people gave names to.

``sliding.py`` slides a kernel over a signal or an image, ``named.py`` has the kernels. Networks
don't use either: their kernels are learned, and slid over batches by `cnncourse.kernels`.
"""

from .named import KERNELS, box, gaussian
from .sliding import conv1d, conv2d, correlate1d, correlate2d

__all__ = [
    "KERNELS",
    "box",
    "conv1d",
    "conv2d",
    "correlate1d",
    "correlate2d",
    "gaussian",
]
