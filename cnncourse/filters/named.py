"""Kernels that people gave names to, written as `correlate2d`, and so a CNN, reads them.

Sources: *Convolutional Neural Networks (CNN)*, POSTECH, for the edge filter and the Gaussian;
*Deep Learning Lecture – Convolution NN*, NTNU, for the blur; J. Prewitt, 1970, and I. Sobel and
G. Feldman, 1968, for the edges that bear their names.
"""

from numbers import Real
from types import MappingProxyType

import numpy as np

from ..support.arguments import described
from ..support.checks import positive_int

NARROWEST = 0.02  # pixels: of a narrower bell, an even size would have no pixel left


def box(size):
    """A blur: the average of size × size pixels. (size, size) float64, the sum is 1.

    Raises ``TypeError`` or ``ValueError`` for a size that is no whole number from 1 on.

    >>> box(2)
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    size = positive_int(size, "size")
    return np.full((size, size), 1 / size**2)


def gaussian(size, sigma):
    """A blur that weighs near pixels more: a Gaussian bell, (size, size) float64.

    ``sigma``: the bell's standard deviation, in pixels. Take a size of about 6 sigma or more, or
    the bell is truncated; wherever that is, the sum is 1, so the image stays as
    bright as it was. Raises ``ValueError`` for a sigma below 0.02: the bell would be
    narrower than a pixel can show.

    >>> gaussian(3, 1).round(2)
    array([[0.08, 0.12, 0.08],
           [0.12, 0.2 , 0.12],
           [0.08, 0.12, 0.08]])
    """
    size = positive_int(size, "size")
    if not isinstance(sigma, Real) or not NARROWEST <= sigma < np.inf:
        raise ValueError(
            f"sigma must be a positive number of pixels, at least {NARROWEST}, got "
            f"{described(sigma)}"
        )
    distance = np.arange(size) - (size - 1) / 2
    bell = np.exp(-((distance / sigma) ** 2) / 2)  # (size,)
    bell /= bell.sum()
    return np.outer(bell, bell)  # (size, size)


def _named():
    identity = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    prewitt = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    kernels = {
        "identity": identity,
        "box blur": box(3),
        "gaussian blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": identity - laplacian,
        "vertical edges": prewitt,
        "horizontal edges": prewitt.T.copy(),
        "sobel x": sobel,
        "sobel y": sobel.T.copy(),
        "laplacian": laplacian,
        "emboss": np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    }
    for kernel in kernels.values():
        kernel.flags.writeable = False
    return MappingProxyType(kernels)


KERNELS = _named()
"""Name → kernel of 3×3, read-only. A sum of 1 keeps the brightness, a sum of 0 removes it.

The edge kernels give positive values where it gets brighter to the right ("vertical
edges", "sobel x"), or downwards ("horizontal edges", "sobel y").
"""
