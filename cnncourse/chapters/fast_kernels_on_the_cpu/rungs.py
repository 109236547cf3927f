"""The rungs of the ladder: one convolution, ever faster.

Every rung computes the same: cross-correlation with stride 1 and without padding ("valid"), what
CNN libraries call convolution.

- ``x``: images, (images, height, width, channels), float32;
- ``kernel``: weights, (window height, window width, channels, filters), float32;
- the result: (images, rows, columns, filters), float32, with height − window height + 1 rows and
  width − window width + 1 columns.

A rung raises ``TypeError`` for arrays of another type, and ``ValueError`` for shapes that do not
fit together. The results differ in their last digits, for the sums are taken in different orders.

The rungs keep no compiled code: the chapter measures how long compiling takes.

Source: the definition is ``kernels/reference.py``; loop order and unrolling are textbook matter
(Hennessy & Patterson, *Computer Architecture*, chapters 2 and 4).
"""

import numpy as np
from numba import njit
from numpy.lib.stride_tricks import sliding_window_view

from ...timing.convolution import result_shape
from . import loops

_compiled = njit(loops.one_sum_at_a_time)
_reordered = njit(loops.all_filters_together)
_unrolled = njit(loops.four_steps_at_once)
_threaded = njit(parallel=True)(loops.four_steps_at_once)


def python_loops(x, kernel):
    """Seven loops in plain Python. Only for tiny arrays: 0.1 µs and more for a multiply-add.

    Arguments, result and errors: see the module.

    >>> python_loops(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    return _filled(loops.one_sum_at_a_time, x, kernel)


def python_lists(x, kernel):
    """Seven loops in plain Python over nested lists, which is what Python itself would work with.

    An array wraps each value that it hands to Python in an object; a list has it ready. Only for
    tiny arrays. The sums are Python's floats, rounded at the end.

    Arguments, result and errors: see the module.

    >>> python_lists(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    shape = result_shape(x, kernel)
    out = np.zeros(shape).tolist()
    loops.over_lists(x.tolist(), kernel.tolist(), out)
    return np.array(out, np.float32).reshape(shape)


def numpy_matmul(x, kernel):
    """All windows written out as rows of a matrix ("im2col"), then one matrix product.

    The product comes from a library that was tuned for decades, and takes all cores; the price is
    a matrix that holds each pixel once for every window that sees it.

    Arguments, result and errors: see the module.

    Source: K. Chellapilla, S. Puri and P. Simard, *High Performance Convolutional Neural Networks
    for Document Processing*, 2006.

    >>> numpy_matmul(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    shape = result_shape(x, kernel)
    matrix = windows_as_rows(x, kernel.shape[:2])
    return (matrix @ kernel.reshape(-1, kernel.shape[-1])).reshape(shape)


def windows_as_rows(x, window):
    """A copy of every window of ``window`` = (height, width), one a row: "image to columns".

    ``x``: (images, height, width, channels); the result: (images · rows · columns, window height ·
    window width · channels), of the same type. Raises ``ValueError`` if the window does not fit.

    >>> windows_as_rows(np.arange(9).reshape(1, 3, 3, 1), (2, 2))
    array([[0, 1, 3, 4],
           [1, 2, 4, 5],
           [3, 4, 6, 7],
           [4, 5, 7, 8]])
    """
    windows = sliding_window_view(x, window, axis=(1, 2))  # (N, I, J, C, U, V)
    positions = np.prod(windows.shape[:3])
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(positions, np.prod(windows.shape[3:]))


def compiled(x, kernel):
    """The loops of `python_loops`, unchanged, compiled by numba.

    Arguments, result and errors: see the module. The first call compiles.

    >>> compiled(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    return _filled(_compiled, x, kernel)


def reordered(x, kernel):
    """Compiled, with the innermost loop over filters, which are neighbours in memory.

    Arguments, result and errors: see the module. The first call compiles.

    >>> reordered(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    return _filled(_reordered, x, kernel)


def unrolled(x, kernel):
    """Reordered, and four multiply-adds for each time that a sum is fetched and put back.

    Arguments, result and errors: see the module. The first call compiles.

    >>> unrolled(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    return _filled(_unrolled, x, kernel)


def threaded(x, kernel):
    """The loops of `unrolled`, unchanged, on all cores: each thread writes its own rows.

    Arguments, result and errors: see the module. The first call compiles.

    >>> threaded(np.ones((1, 3, 3, 1), np.float32), np.ones((2, 2, 1, 1), np.float32))[0, 0, 0]
    array([4.], dtype=float32)
    """
    return _filled(_threaded, x, kernel)


def _filled(function, x, kernel):
    """What ``function`` writes, in an array of its own."""
    out = np.empty(result_shape(x, kernel), np.float32)
    function(np.ascontiguousarray(x), np.ascontiguousarray(kernel), out)
    return out
