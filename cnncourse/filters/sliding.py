"""Convolution and cross-correlation, in one and two dimensions.

Both add up shifted copies of the image, one for each weight of the kernel, multiplied by that
weight. They differ in the direction of the shifts: cross-correlation reads the kernel forwards,
convolution reads it backwards.

``mode`` and ``boundary`` have SciPy's names. ``mode`` says at which positions the kernel counts:

- ``"valid"``: only where it lies on the image as a whole;
- ``"same"``: at as many positions as the image has pixels;
- ``"full"``: wherever it touches the image.

``boundary`` says what lies outside the image, for ``"same"`` and ``"full"``: zeros (``"fill"``),
the image mirrored, its last pixel twice (``"symm"``), or the image once more (``"wrap"``).

Sources: *Convolutional Neural Network (CNN)*, ReNom tutorial, for the sum; SciPy's ``convolve2d``
and ``correlate2d`` for modes and boundaries.
"""

import numpy as np

from ..support.arguments import one_of
from ..support.checks import numbers
from ..support.text import size_text

MODES = ("valid", "same", "full")
BOUNDARIES = {"fill": "constant", "symm": "symmetric", "wrap": "wrap"}  # SciPy's → np.pad's names


def conv1d(signal, kernel, mode="valid", boundary="fill"):
    """The convolution of a signal with a kernel: ``out[t] = Σ signal[τ] · kernel[t − τ]`` over τ.

    ``signal``: (samples,); ``kernel``: (cells,). Integers stay integers; everything else is
    computed in float64. Raises ``ValueError`` for other shapes, or a kernel that does not fit.

    >>> conv1d([1, 2, 3], [1, 10], mode="full")
    array([ 1, 12, 23, 30])
    """
    signal, kernel = _checked(signal, kernel, "conv1d", "signal (samples,)", (1,))
    return _slide(signal, kernel[::-1], mode, boundary, extra_before=True)


def correlate1d(signal, kernel, mode="valid", boundary="fill"):
    """The cross-correlation: ``out[t] = Σ signal[t + u] · kernel[u]`` over u.

    Arguments and errors are those of `conv1d`.

    >>> correlate1d([1, 2, 3], [1, 10], mode="full")
    array([10, 21, 32,  3])
    """
    signal, kernel = _checked(signal, kernel, "correlate1d", "signal (samples,)", (1,))
    return _slide(signal, kernel, mode, boundary, extra_before=False)


def conv2d(image, kernel, mode="valid", boundary="fill"):
    """The convolution of an image: ``out[i, j] = Σ image[m, n] · kernel[i − m, j − n]``.

    ``image``: (height, width), or (height, width, channels), whose channels are then convolved one
    by one; ``kernel``: (cells down, cells across). Integers stay integers; everything else is
    computed in float64. Raises ``ValueError`` for other shapes, or a kernel that does not fit.

    >>> conv2d([[1, 2], [3, 4]], [[1, 10]])
    array([[12],
           [34]])
    """
    image, kernel = _checked(image, kernel, "conv2d", "image (height, width[, channels])", (2, 3))
    return _slide(image, kernel[::-1, ::-1], mode, boundary, extra_before=True)


def correlate2d(image, kernel, mode="valid", boundary="fill"):
    """The cross-correlation of an image: ``out[i, j] = Σ image[i + u, j + v] · kernel[u, v]``.

    This is what CNN libraries call convolution. Arguments and errors are those of `conv2d`.

    >>> correlate2d([[1, 2], [3, 4]], [[1, 10]])
    array([[21],
           [43]])
    """
    image, kernel = _checked(
        image, kernel, "correlate2d", "image (height, width[, channels])", (2, 3)
    )
    return _slide(image, kernel, mode, boundary, extra_before=False)


def _slide(x, kernel, mode, boundary, extra_before):
    """The sum of shifted copies of ``x``; channels, its last axis if it has one more, stay apart.

    ``extra_before``: where "same" adds an odd number of pixels, the odd one goes before the image.
    (SciPy's convolution does so, its correlation does not: each is the transpose of the other.)
    """
    one_of(mode, "mode", MODES)
    one_of(boundary, "boundary", tuple(BOUNDARIES))
    image = x.shape[: kernel.ndim]
    if mode == "valid" and any(c > p for c, p in zip(kernel.shape, image, strict=True)):
        raise ValueError(
            f"a kernel of {size_text(kernel.shape)} fits nowhere on an image of "
            f"{size_text(image)} pixels; take a smaller kernel, or mode='same'"
        )
    widths = [_added(cells, mode, extra_before) for cells in kernel.shape]
    widths += [(0, 0)] * (x.ndim - kernel.ndim)
    padded = np.pad(x, widths, BOUNDARIES[boundary])
    positions = [p - c + 1 for p, c in zip(padded.shape, kernel.shape, strict=False)]
    out = np.zeros((*positions, *x.shape[kernel.ndim :]), x.dtype)
    with np.errstate(over="ignore"):  # refused below
        for cell in np.ndindex(kernel.shape):
            shifted = tuple(slice(c, c + n) for c, n in zip(cell, positions, strict=True))
            out += kernel[cell] * padded[shifted]
    if not np.isfinite(out).all() and np.isfinite(x).all() and np.isfinite(kernel).all():
        raise ValueError(
            "image (or signal) and kernel: their products are larger than float64 holds"
        )
    return out


def _added(cells, mode, extra_before):
    """Pixels before and after a side of the image, for a kernel of so many cells."""
    if mode == "valid":
        return 0, 0
    if mode == "full":
        return cells - 1, cells - 1
    less, more = (cells - 1) // 2, cells // 2
    return (more, less) if extra_before else (less, more)


def _checked(x, kernel, caller, expected, axes):
    """Both as arrays of one type that holds their products: int64 or float64, not uint8."""
    x = numbers(x, f"{caller}: {expected.split()[0]}")
    kernel = numbers(kernel, f"{caller}: kernel")
    if x.ndim not in axes or x.size == 0:
        raise ValueError(f"{caller}: expected {expected}, at least one pixel, got {x.shape}")
    if kernel.ndim != axes[0] or kernel.size == 0:
        raise ValueError(
            f"{caller}: expected a kernel of {axes[0]} {'axis' if axes[0] == 1 else 'axes'}, "
            f"at least one cell, got {kernel.shape}"
        )
    dtype = np.result_type(x, kernel, np.int64)
    return x.astype(dtype), kernel.astype(dtype)
