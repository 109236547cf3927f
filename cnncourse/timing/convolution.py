"""One convolution to be timed: its shapes, its work, its traffic, and whether it is right.

Here, as in the chapters about fast kernels, a convolution is cross-correlation with stride 1 and
without padding ("valid"):

- ``x``: images, (images, height, width, channels), float32;
- ``kernel``: weights, (kernel height, kernel width, channels, filters), float32;
- the result: (images, rows, columns, filters), float32, with height − kernel height + 1 rows and
  width − kernel width + 1 columns.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .. import kernels
from ..kernels.geometry import Geometry
from ..support.arguments import described
from ..support.checks import finite, numbers
from ..support.rounding import gamma

FLOAT_BYTES = 4


def numpy_einsum(x, kernel):
    """The formula in one line of NumPy: the loops run in C, on one core.

    Arguments, result and errors: see the module.

    >>> numpy_einsum(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    result_shape(x, kernel)
    windows = sliding_window_view(x, kernel.shape[:2], axis=(1, 2))  # (N, I, J, C, U, V), no copy
    return np.einsum("nijcuv,uvco->nijo", windows, kernel)


def simd(x, kernel):
    """The course's own kernel: sums in registers, by SIMD instructions, on all cores.

    Arguments, result and errors: see the module. Source: ``kernels/cpu/convolution.py``.

    >>> simd(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    cpu = kernels.get("cpu")
    out = cpu.empty(result_shape(x, kernel))
    geometry = Geometry.of(x.shape[1:3], kernel.shape[:2], (1, 1), "valid")
    cpu.conv2d(cpu.asarray(x), cpu.asarray(kernel), geometry, out)
    return out


def result_shape(x, kernel):
    """The shape of the result: (images, rows, columns, filters).

    Raises ``TypeError`` for arrays of another type than float32, and ``ValueError`` if they do not
    fit together: compiled loops would read outside such arrays.

    >>> result_shape(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 5), np.float32))
    (1, 2, 2, 5)
    """
    for name, array in ("x", x), ("kernel", kernel):
        if not isinstance(array, np.ndarray) or array.dtype != np.float32:
            got = getattr(array, "dtype", type(array).__name__)
            raise TypeError(
                f"{name} must be an array of float32, got {got}: use astype(np.float32)"
            )
    return _result_shape(x.shape, kernel.shape)


def _require_arrays(x, kernel):
    for name, array in ("x", x), ("kernel", kernel):
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{name} must be a NumPy array, got {described(array)}")


def _result_shape(x, kernel):
    """The result's shape, from those of the images and the kernel."""
    for name, shape in ("x", x), ("kernel", kernel):
        if len(shape) != 4:
            raise ValueError(
                f"{name} must have 4 axes, got shape {shape}; images are (images, height, "
                "width, channels), kernels (height, width, channels, filters)"
            )
    if x[3] != kernel[2]:
        raise ValueError(
            f"x has images of {x[3]} channels, but the kernel has weights for {kernel[2]}: shapes "
            f"{x} and {kernel}"
        )
    try:
        output = Geometry.of(x[1:3], kernel[:2], (1, 1), "valid").output
    except ValueError as error:
        raise ValueError(f"x and kernel: {error}") from None
    return (x[0], *output, kernel[3])


def operations(x, kernel):
    """Operations of one convolution: 2, a multiplication and an addition, for each product.

    Arguments: see the module; only their shapes count, (N, H, W, C) and (U, V, C, O).

    >>> operations(np.zeros((1, 3, 3, 1)), np.zeros((2, 2, 1, 5)))  # 2 · (2·2·5) · (2·2·1)
    160
    """
    _require_arrays(x, kernel)
    images, rows, columns, _ = _result_shape(x.shape, kernel.shape)
    return 2 * images * rows * columns * kernel.size


def traffic(x, kernel):
    """The fewest bytes that must move: images and kernel are read once, the output written once.

    Arguments: see the module; only their shapes count, (N, H, W, C) and (U, V, C, O).

    >>> traffic(np.zeros((1, 3, 3, 1)), np.zeros((2, 2, 1, 5)))  # 4 · (3·3 + 2·2·5 + 2·2·5)
    196
    """
    _require_arrays(x, kernel)
    images, rows, columns, filters = _result_shape(x.shape, kernel.shape)
    return FLOAT_BYTES * (x.size + kernel.size + images * rows * columns * filters)


def error_share(out, x, kernel):
    """The worst error in ``out``, as a share of what rounding can explain: 1 or less is right.

    A float32 sum of n products, taken in any order, is off by at most γ(n) · Σ |products|, with the
    γ of `cnncourse.support.rounding`. ``out`` is compared with the reference, which computes in
    float64, and each of its values with its own bound. Infinite where rounding can explain nothing.

    Arguments: a result, and what was convolved; see the module. Raises ``ValueError`` if the shape
    of ``out`` is not that of the result, ``TypeError`` for what is no array of numbers.

    >>> x, kernel = np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32)
    >>> error_share(np.full((1, 2, 2, 1), 4.0), x, kernel)
    0.0
    """
    x, kernel = finite(numbers(x, "x"), "x"), finite(numbers(kernel, "kernel"), "kernel")
    out = numbers(out, "out")
    exact = np.empty(_result_shape(x.shape, kernel.shape))
    geometry = Geometry.of(x.shape[1:3], kernel.shape[:2], (1, 1), "valid")
    if out.shape != exact.shape:
        raise ValueError(f"out: expected a result of shape {exact.shape}, got {out.shape}")
    size = np.empty_like(exact)  # Σ |products|
    x, kernel = x.astype(float), kernel.astype(float)
    kernels.get("reference").conv2d(x, kernel, geometry, exact)
    kernels.get("reference").conv2d(abs(x), abs(kernel), geometry, size)
    bound = gamma(kernel[..., 0].size) * size
    error = abs(out - exact)
    shares = np.divide(error, bound, out=np.where(error > 0, np.inf, 0.0), where=bound > 0)
    return float(np.where(np.isnan(error), np.inf, shares).max(initial=0))
