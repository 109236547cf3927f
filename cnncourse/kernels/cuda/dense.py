"""Dense layers: a matrix product (GEMM), as a convolution with a window of one pixel.

The N rows are the pixels of one image, N × 1, and the F features its channels.
"""

from ..contract import contracted
from ..geometry import Geometry
from .convolution import conv2d, conv2d_input_gradient, conv2d_kernel_gradient


def _as_images(rows):
    """(N, F) as one image: (1, N, 1, F)."""
    return rows.reshape(1, rows.shape[0], 1, rows.shape[1])


def _as_window(kernel):
    """(F, K) as a window of one pixel: (1, 1, F, K)."""
    return kernel.reshape(1, 1, *kernel.shape)


def _geometry(rows):
    """The `Geometry` of a window of one pixel on an image of ``rows`` × 1 pixels."""
    return Geometry((rows, 1), (1, 1), (1, 1), (0, 0), (rows, 1))


@contracted
def dense(x, kernel, out):
    """See ``reference.dense``."""
    conv2d(_as_images(x), _as_window(kernel), _geometry(len(x)), _as_images(out))


@contracted
def dense_input_gradient(gradient, kernel, out):
    """See ``reference.dense_input_gradient``."""
    geometry = _geometry(len(out))
    conv2d_input_gradient(_as_images(gradient), _as_window(kernel), geometry, _as_images(out))


@contracted
def dense_kernel_gradient(x, gradient, out):
    """See ``reference.dense_kernel_gradient``."""
    conv2d_kernel_gradient(_as_images(x), _as_images(gradient), _geometry(len(x)), _as_window(out))
