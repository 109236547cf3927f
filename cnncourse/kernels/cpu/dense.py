"""Dense layers: three matrix products.

In two of them, a tile's columns are rows of the result, its lanes are neighbours in them. Long sums
are taken piece by piece, so that the piece of the right matrix that all tiles of a task read stays
in the cache. The third, for the input's gradient, finds both matrices' numbers along the sum.
"""

import numpy as np
from numba import get_num_threads, prange

from ..contract import contracted
from .parallel.bands import copy_floats
from .parallel.slices import bounds
from .parallel.threads import parallel
from .simd.dot_products import dot_products
from .simd.micro_kernel import NO_LEAST, TWO_VECTORS, micro_kernel, widened
from .simd.vector_width import COLUMNS, VECTOR_WIDTH

STEPS = 512  # in a piece of a sum: with two vectors of lanes 64 KB of the right matrix


@contracted
def dense(x, kernel, out):
    """See ``reference.dense``."""
    dense_least(x, kernel, np.zeros(kernel.shape[1], out.dtype), NO_LEAST, out)


def dense_least(x, kernel, bias, least, out):
    """``max(x @ kernel + bias, least)`` in one go."""
    _product(x, x.shape[1], 1, widened(kernel), bias, least, _tasks(), out)


@contracted
def dense_kernel_gradient(x, gradient, out):
    """See ``reference.dense_kernel_gradient``."""
    bias = np.zeros(gradient.shape[1], out.dtype)
    turned = 1, x.shape[1]  # x is read over its diagonal
    _product(x, *turned, widened(gradient), bias, NO_LEAST, _tasks(), out)


def _tasks():
    return 2 * get_num_threads()


@parallel
def _product(left, left_row, left_step, right, bias, least, tasks, out):
    """``out = max(left @ right + bias, least)``, with ``right`` (steps, units) `widened`.

    In ``left``, the next row's number is ``left_row`` numbers away, the next step's ``left_step``.
    The work is cut into about so many ``tasks``; the sums do not depend on it.
    """
    rows, wanted = out.shape
    steps, lanes = right.shape
    numbers, factors = left.reshape(-1), right.reshape(-1)
    pairs, blocks = -(-lanes // TWO_VECTORS), -(-rows // COLUMNS)
    # Of blocks of rows: enough for all threads; not more, for each reads all of ``right``.
    groups = min(-(-tasks // pairs), blocks)
    pieces = max(-(-steps // STEPS), 1)
    zeros = np.zeros(TWO_VECTORS, out.dtype)
    for task in prange(pairs * groups):
        lane = task // groups * TWO_VECTORS
        vectors = min((lanes - lane) // VECTOR_WIDTH, 2)
        first, last = bounds(task % groups, groups, blocks)
        top, end = bounds(first, blocks, rows)[0], bounds(last, blocks, rows)[0]
        sums = np.empty((end - top) * TWO_VECTORS, out.dtype)
        for piece in range(pieces):
            start, stop = bounds(piece, pieces, steps)
            for block in range(first, last):
                row, after = bounds(block, blocks, rows)
                there = (numbers, row * left_row + start * left_step, left_row, 0, left_step)
                here = (factors, start * lanes + lane, 0, lanes)
                target = (sums, (row - top) * TWO_VECTORS, TWO_VECTORS)
                addend = (zeros, 0, 0) if piece == 0 else target
                micro_kernel(
                    after - row, vectors, 1, stop - start, there, here, addend, target, NO_LEAST
                )
        count = min(wanted - lane, TWO_VECTORS)
        shares = bias[lane : lane + count]
        for row in range(top, end):
            found, results = sums[(row - top) * TWO_VECTORS :], out[row, lane : lane + count]
            for k in range(count):
                total = found[k] + shares[k]
                results[k] = least if total < least else total  # not-a-number stays


@contracted
def dense_input_gradient(gradient, kernel, out):
    """See ``reference.dense_input_gradient``."""
    _dots(widened(gradient), widened(kernel), out)


@parallel
def _dots(left, right, out):
    """``out = left @ right.T``, both `widened`: both have their numbers along the sum."""
    rows, wanted = out.shape
    steps = right.shape[1]
    numbers, factors = left.reshape(-1), right.reshape(-1)
    for task in prange(-(-wanted // VECTOR_WIDTH)):
        # the last one overlaps with the one before it, if there is one
        first = max(min(task * VECTOR_WIDTH, wanted - VECTOR_WIDTH), 0)
        count = min(wanted, VECTOR_WIDTH)
        given = (factors, first * steps, steps)
        if wanted < VECTOR_WIDTH:
            copy = np.zeros(VECTOR_WIDTH * steps, out.dtype)
            copy_floats(factors, 0, copy, 0, wanted * steps)
            given = (copy, 0, steps)
        found = np.empty(VECTOR_WIDTH, out.dtype)
        for row in range(rows):
            found[:] = 0
            dot_products(steps // VECTOR_WIDTH, given, (numbers, row * steps), (found, 0))
            for k in range(count):
                out[row, first + k] = found[k]
