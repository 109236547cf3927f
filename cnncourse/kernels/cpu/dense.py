"""Dense layers: three matrix products (GEMM).

In two of them, the micro-kernel's columns are rows of the result, its vectors hold neighbours in
them. Long sums are taken piece by piece, so that the piece of the right matrix that all register
blocks of a task read stays in the cache (*cache blocking*). The third, for the input's gradient,
finds the elements of both matrices along the sum: its sums are dot products.
"""

import numpy as np
from numba import get_num_threads, prange

from ..compiled_code import jit
from ..contract import contracted
from .parallel.bands import copy_floats
from .parallel.slices import bounds
from .parallel.threads import parallel
from .simd.dot_products import dot_products
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, micro_kernel, widened
from .simd.row_product import SUMS, row_product
from .simd.vector_width import COLUMNS, VECTOR_WIDTH

PIECE_STEPS = 512  # in a piece of a sum: with two vectors of 16 floats, 64 KB of the right matrix
TASKS_PER_THREAD = 2  # so that a thread that is held up can leave work to others


@contracted
def dense(x, kernel, out):
    """See ``reference.dense``."""
    dense_least(x, kernel, np.zeros(kernel.shape[1], out.dtype), NO_LEAST, out)


def dense_least(x, kernel, bias, least, out):
    """``out = max(x @ kernel + bias, least)`` in one go.

    ``x``: (N, F); ``kernel``: (F, K); ``bias``: (K,); ``out``: (N, K), all float32; ``least``: a
    float32, `NO_LEAST` or `ZERO`.
    """
    _product(x, x.shape[1], 1, widened(kernel), bias, least, _tasks(), out)


@contracted
def dense_kernel_gradient(x, gradient, out):
    """See ``reference.dense_kernel_gradient``."""
    bias = np.zeros(gradient.shape[1], out.dtype)
    transposed = 1, x.shape[1]  # distances from row to row, and from step to step, in x.T
    _product(x, *transposed, widened(gradient), bias, NO_LEAST, _tasks(), out)


def _tasks():
    """Into how many tasks a matrix product is cut, about."""
    return TASKS_PER_THREAD * get_num_threads()


@parallel
def _product(left, left_row, left_step, right, bias, least, tasks, out):
    """``out = max(left @ right + bias, least)``.

    ``left``: a contiguous array that holds the left matrix, (rows, steps), or its transpose: from
    row to row it is ``left_row`` elements, from step to step ``left_step``. ``right``: (steps,
    units), `widened`; ``bias``: (units,) before the widening; ``out``: (rows, units). All are
    float32, and so is ``least``. The work is cut into about ``tasks`` tasks; the sums do not depend
    on that.
    """
    rows, units = out.shape
    steps, wide_units = right.shape
    values = left.reshape(-1)
    factors = right.reshape(-1)
    pairs = -(-wide_units // TWO_VECTORS)  # of vectors
    blocks = -(-rows // COLUMNS)
    # Of blocks of rows: enough for all threads; not more, for each reads all of ``right``.
    groups = min(-(-tasks // pairs), blocks)
    pieces = max(-(-steps // PIECE_STEPS), 1)
    zeros = np.zeros(TWO_VECTORS, out.dtype)
    for task in prange(pairs * groups):
        unit = task // groups * TWO_VECTORS
        vectors = min((wide_units - unit) // VECTOR_WIDTH, 2)
        first, last = bounds(task % groups, groups, blocks)
        top = bounds(first, blocks, rows)[0]
        end = bounds(last, blocks, rows)[0]
        sums = np.empty((end - top) * TWO_VECTORS, out.dtype)
        for piece in range(pieces):
            start, stop = bounds(piece, pieces, steps)
            for block in range(first, last):
                row, after = bounds(block, blocks, rows)
                left_walk = (values, row * left_row + start * left_step, left_row, 0, left_step)
                right_walk = (factors, start * wide_units + unit, 0, wide_units)
                target = (sums, (row - top) * TWO_VECTORS, TWO_VECTORS)
                addend = (zeros, 0, 0) if piece == 0 else target
                micro_kernel(
                    after - row, vectors, 1, stop - start, left_walk, right_walk, addend, target,
                    NO_LEAST,
                )  # fmt: skip
        count = min(units - unit, TWO_VECTORS)
        biases = bias[unit : unit + count]
        for row in range(top, end):
            products = sums[(row - top) * TWO_VECTORS :]
            results = out[row, unit : unit + count]
            for k in range(count):
                total = products[k] + biases[k]
                results[k] = least if total < least else total  # NaN stays


@jit(error_model="numpy")
def dense_row_by_row(x, kernel, bias, least, out):
    """`dense_least` by one thread, for a few rows: the same sums, from a kernel as it is."""
    rows, units = out.shape
    steps = kernel.shape[0]
    values = x.reshape(-1)
    factors = kernel.reshape(-1)
    pieces = max(-(-steps // PIECE_STEPS), 1)
    sums = np.empty(SUMS * VECTOR_WIDTH, out.dtype)
    for row in range(rows):
        for unit in range(0, units, len(sums)):
            count = min(units - unit, len(sums))
            sums[:] = 0
            for piece in range(pieces):
                start, stop = bounds(piece, pieces, steps)
                left = (values, row * steps + start)
                right = (factors, start * units + unit, units)
                row_product(count, stop - start, left, right, (sums, 0))
            for k in range(count):
                total = sums[k] + bias[unit + k]
                out[row, unit + k] = least if total < least else total  # NaN stays


@contracted
def dense_input_gradient(gradient, kernel, out):
    """See ``reference.dense_input_gradient``."""
    _dot_products(widened(gradient), widened(kernel), out)


@parallel
def _dot_products(left, right, out):
    """``out = left @ right.T``: (rows, steps), (features, steps) and (rows, features), float32.

    ``left`` and ``right`` are `widened`: both have the elements of a sum side by side.
    """
    rows, features = out.shape
    steps = right.shape[1]
    values = left.reshape(-1)
    factors = right.reshape(-1)
    for task in prange(-(-features // VECTOR_WIDTH)):
        # the last one overlaps with the one before it, if there is one
        first = max(min(task * VECTOR_WIDTH, features - VECTOR_WIDTH), 0)
        count = min(features, VECTOR_WIDTH)
        columns = (factors, first * steps, steps)
        if features < VECTOR_WIDTH:
            copy = np.zeros(VECTOR_WIDTH * steps, out.dtype)
            copy_floats(factors, 0, copy, 0, features * steps)
            columns = (copy, 0, steps)
        sums = np.empty(VECTOR_WIDTH, out.dtype)
        for row in range(rows):
            sums[:] = 0
            dot_products(steps // VECTOR_WIDTH, columns, (values, row * steps), (sums, 0))
            for k in range(count):
                out[row, first + k] = sums[k]
