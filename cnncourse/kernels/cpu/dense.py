"""Dense layers, as tiles of multiply-adds: three matrix products.

A tile's columns are rows of the result, its lanes are neighbours in them. Long sums are taken piece
by piece, so that the piece of the right matrix that all tiles of a task read stays in the cache.
"""

import numpy as np
from numba import njit, prange

from ..contract import kernel as contracted
from .slices import SLICES, bounds
from .tile import ANY, PAIR, tile, widened
from .vectors import COLUMNS, LANES

STEPS = 512  # in a piece of a sum: with two vectors of lanes 64 KB of the right matrix


@contracted
def dense(x, kernel, out):
    """See ``reference.dense``."""
    dense_least(x, kernel, np.zeros(kernel.shape[1], out.dtype), ANY, out)


def dense_least(x, kernel, bias, least, out):
    """``max(x @ kernel + bias, least)`` in one go."""
    features = x.shape[1]
    _product(x.reshape(-1), features, 1, widened(kernel), bias, least, out)


@contracted
def dense_input_gradient(gradient, kernel, out):
    """See ``reference.dense_input_gradient``."""
    features, units = kernel.shape
    turned = np.empty((units, features + -features % LANES), kernel.dtype)
    _transpose(kernel, turned)
    bias = np.zeros(features, out.dtype)
    _product(gradient.reshape(-1), units, 1, turned, bias, ANY, out)


@contracted
def dense_kernel_gradient(x, gradient, out):
    """See ``reference.dense_kernel_gradient``."""
    features, bias = x.shape[1], np.zeros(gradient.shape[1], out.dtype)
    _product(x.reshape(-1), 1, features, widened(gradient), bias, ANY, out)


@njit(parallel=True, cache=True)
def _product(left, left_row, left_step, right, bias, least, out):
    """``out = max(left @ right + bias, least)``, with ``right`` `widened`.

    ``left`` is flat; ``left_row`` and ``left_step`` are the distances in it from row to row, and
    from one term of a sum to the next.
    """
    rows, wanted = out.shape
    steps, lanes = right.shape
    factors = right.reshape(-1)
    pairs, blocks = -(-lanes // PAIR), -(-rows // COLUMNS)
    groups = min(-(-SLICES // pairs), blocks)  # of blocks of rows, enough for all threads
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
                there = (left, row * left_row + start * left_step, left_row, 0, left_step)
                here = (factors, start * lanes + lane, 0, lanes)
                target = (sums, (row - top) * PAIR, PAIR)
                addend = (zeros, 0, 0) if piece == 0 else target
                tile(after - row, vectors, 1, stop - start, there, here, addend, target, ANY)
        count = min(wanted - lane, PAIR)
        for row in range(top, end):
            for k in range(count):
                total = sums[(row - top) * PAIR + k] + bias[lane + k]
                out[row, lane + k] = least if total < least else total  # not-a-number stays


@njit(parallel=True, cache=True)
def _transpose(matrix, out):
    """``matrix`` turned over its diagonal, with zeros up to ``out``'s width."""
    rows, columns = matrix.shape
    for block in prange(out.shape[1] // LANES):
        first = block * LANES
        for column in range(columns):
            for row in range(first, first + LANES):
                out[column, row] = matrix[row, column] if row < rows else 0
