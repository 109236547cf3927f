"""Dense layers: three matrix products.

In two of them, a tile's columns are rows of the result, its lanes are neighbours in them. Long sums
are taken piece by piece, so that the piece of the right matrix that all tiles of a task read stays
in the cache. The third, for the input's gradient, finds both matrices' numbers along the sum.
"""

import numpy as np
from numba import get_num_threads, prange

from ..contract import kernel as contracted
from .bands import copy_floats
from .dots import dots
from .slices import bounds
from .threads import parallel
from .tile import ANY, PAIR, tile, widened
from .vectors import COLUMNS, LANES

STEPS = 512  # in a piece of a sum: with two vectors of lanes 64 KB of the right matrix


@contracted
def dense(x, kernel, out):
    """See ``reference.dense``."""
    dense_least(x, kernel, np.zeros(kernel.shape[1], out.dtype), ANY, out)


def dense_least(x, kernel, bias, least, out):
    """``max(x @ kernel + bias, least)`` in one go."""
    _product(x, x.shape[1], 1, widened(kernel), bias, least, _tasks(), out)


@contracted
def dense_kernel_gradient(x, gradient, out):
    """See ``reference.dense_kernel_gradient``."""
    bias = np.zeros(gradient.shape[1], out.dtype)
    turned = 1, x.shape[1]  # x is read over its diagonal
    _product(x, *turned, widened(gradient), bias, ANY, _tasks(), out)


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
    pairs, blocks = -(-lanes // PAIR), -(-rows // COLUMNS)
    # Of blocks of rows: enough for all threads; not more, for each reads all of ``right``.
    groups = min(-(-tasks // pairs), blocks)
    pieces = max(-(-steps // STEPS), 1)
    zeros = np.zeros(PAIR, out.dtype)
    for task in prange(pairs * groups):
        lane = task // groups * PAIR
        vectors = min((lanes - lane) // LANES, 2)
        first, last = bounds(task % groups, groups, blocks)
        top, end = bounds(first, blocks, rows)[0], bounds(last, blocks, rows)[0]
        sums = np.empty((end - top) * PAIR, out.dtype)
        for piece in range(pieces):
            start, stop = bounds(piece, pieces, steps)
            for block in range(first, last):
                row, after = bounds(block, blocks, rows)
                there = (numbers, row * left_row + start * left_step, left_row, 0, left_step)
                here = (factors, start * lanes + lane, 0, lanes)
                target = (sums, (row - top) * PAIR, PAIR)
                addend = (zeros, 0, 0) if piece == 0 else target
                tile(after - row, vectors, 1, stop - start, there, here, addend, target, ANY)
        count = min(wanted - lane, PAIR)
        shares = bias[lane : lane + count]
        for row in range(top, end):
            found, results = sums[(row - top) * PAIR :], out[row, lane : lane + count]
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
    for task in prange(-(-wanted // LANES)):
        # the last one overlaps with the one before it, if there is one
        first = max(min(task * LANES, wanted - LANES), 0)
        count = min(wanted, LANES)
        given = (factors, first * steps, steps)
        if wanted < LANES:
            copy = np.zeros(LANES * steps, out.dtype)
            copy_floats(factors, 0, copy, 0, wanted * steps)
            given = (copy, 0, steps)
        found = np.empty(LANES, out.dtype)
        for row in range(rows):
            found[:] = 0
            dots(steps // LANES, given, (numbers, row * steps), (found, 0))
            for k in range(count):
                out[row, first + k] = found[k]
