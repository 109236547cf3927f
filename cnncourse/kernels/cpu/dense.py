"""Dense layers, as tiles of multiply-adds: three matrix products.

A tile's columns are rows of the result, its lanes are neighbours in them. Long sums are taken piece
by piece, so that the piece of the right matrix that all tiles of a task read stays in the cache.
"""

import numpy as np
from numba import prange

from ..contract import kernel as contracted
from .slices import SLICES, bounds
from .threads import parallel
from .tile import ANY, PAIR, tile, widened
from .vectors import COLUMNS, LANES

BLOCK = 16  # the side of a block in a transposition: a cache line holds so many numbers
STEPS = 512  # in a piece of a sum: with two vectors of lanes 64 KB of the right matrix


@contracted
def dense(x, kernel, out):
    """See ``reference.dense``."""
    dense_least(x, kernel, np.zeros(kernel.shape[1], out.dtype), ANY, out)


def dense_least(x, kernel, bias, least, out):
    """``max(x @ kernel + bias, least)`` in one go."""
    _product(x, _as_panels(kernel), bias, least, out)


@contracted
def dense_input_gradient(gradient, kernel, out):
    """See ``reference.dense_input_gradient``."""
    features, units = kernel.shape
    turned = np.empty((-(-features // PAIR), units, PAIR), kernel.dtype)
    _transpose(kernel, turned)
    _product(gradient, turned, np.zeros(features, out.dtype), ANY, out)


@contracted
def dense_kernel_gradient(x, gradient, out):
    """See ``reference.dense_kernel_gradient``."""
    images, features = x.shape
    turned = np.empty((1, features, images), x.dtype)
    _transpose(x, turned)
    bias = np.zeros(gradient.shape[1], out.dtype)
    _product(turned[0], _as_panels(gradient), bias, ANY, out)


def _as_panels(matrix):
    """The matrix `widened`, as one panel: see `_product`."""
    return widened(matrix)[None]


@parallel
def _product(left, right, bias, least, out):
    """``out = max(left @ right + bias, least)``.

    ``right`` is cut into panels (panels, steps, lanes), side by side: one, as wide as it takes, or
    several as wide as a tile. A panel's numbers lie close together: at distances of many kilobytes,
    a cache can hold few of them.
    """
    rows, wanted = out.shape
    panels, steps, width = right.shape
    numbers, factors, lanes = left.reshape(-1), right.reshape(-1), panels * width
    pairs, blocks = -(-lanes // PAIR), -(-rows // COLUMNS)
    groups = min(-(-SLICES // pairs), blocks)  # of blocks of rows, enough for all threads
    pieces = max(-(-steps // STEPS), 1)
    zeros = np.zeros(PAIR, out.dtype)
    for task in prange(pairs * groups):
        lane = task // groups * PAIR
        vectors = min((lanes - lane) // LANES, 2)
        corner = lane // width * steps * width + lane % width
        first, last = bounds(task % groups, groups, blocks)
        top, end = bounds(first, blocks, rows)[0], bounds(last, blocks, rows)[0]
        sums = np.empty((end - top) * PAIR, out.dtype)
        for piece in range(pieces):
            start, stop = bounds(piece, pieces, steps)
            for block in range(first, last):
                row, after = bounds(block, blocks, rows)
                there = (numbers, row * steps + start, steps, 0, 1)
                here = (factors, corner + start * width, 0, width)
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


@parallel
def _transpose(matrix, out):
    """``matrix`` turned over its diagonal, as panels (see `_product`), with zeros to fill the last.

    In blocks of so few rows and columns that no part of them is read from memory twice.
    """
    rows, columns = matrix.shape
    panels, _, width = out.shape
    blocks = -(-columns // BLOCK)
    for task in prange(panels * blocks):
        panel, first = task // blocks, task % blocks * BLOCK
        last, there = min(first + BLOCK, columns), panel * width
        for lane in range(0, width, BLOCK):
            if there + lane + BLOCK <= rows and lane + BLOCK <= width:
                for column in range(first, last):
                    results = out[panel, column, lane : lane + BLOCK]
                    for k in range(BLOCK):
                        results[k] = matrix[there + lane + k, column]
            else:
                for column in range(first, last):
                    for k in range(lane, min(lane + BLOCK, width)):
                        row = there + k
                        out[panel, column, k] = matrix[row, column] if row < rows else 0
