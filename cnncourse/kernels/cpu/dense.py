"""Dense layers: a matrix product by plain loops, the innermost over neighbours in memory."""

import numpy as np
from numba import njit, prange

from ..contract import kernel as contracted


@contracted
def dense(x, kernel, out):
    """See ``reference.dense``."""
    _product(x, kernel, out)


@contracted
def dense_input_gradient(gradient, kernel, out):
    """See ``reference.dense_input_gradient``."""
    _product(gradient, np.ascontiguousarray(kernel.T), out)


@contracted
def dense_kernel_gradient(x, gradient, out):
    """See ``reference.dense_kernel_gradient``."""
    _product(np.ascontiguousarray(x.T), gradient, out)


@njit(parallel=True, cache=True)
def _product(left, right, out):
    """``out = left @ right``; one thread writes one row of the result."""
    rows, inner = left.shape
    columns = right.shape[1]
    for row in prange(rows):
        out[row] = 0
        for k in range(inner):
            factor = left[row, k]
            for column in range(columns):
                out[row, column] += factor * right[k, column]
