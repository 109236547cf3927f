"""Dilated convolution as an ordinary one, by which it costs what its weights cost.

The cells of a window that is dilated by d only ever meet every d-th pixel. So the image is taken
apart into smaller ones of every d-th row and column, its *phases*, on which the window has no gaps.
Which phase a window lies on depends on its position: every so-many-th position is on the same.
(With a stride of 1 there are d · d phases, and every d-th position along a side is on the same.)
All phases of all images are one batch: they are convolved, and the results put back in order.

Source: the *à trous* algorithm; Yu & Koltun, *Multi-Scale Context Aggregation by Dilated
Convolutions*, 2016.
"""

from functools import lru_cache
from math import gcd

import numpy as np
from numba import prange

from ..geometry import Geometry
from .parallel.threads import parallel

NOWHERE = -1


@lru_cache(maxsize=256)
def phases_of(geometry):
    """How a dilated `Geometry` comes apart: (the phases' geometry, pixels, positions).

    ``pixels`` and ``positions`` are pairs of int arrays, along the height and along the width, with
    a row a phase: the index in the image of each of the phase's pixels, and the index in the output
    of each of its positions; `NOWHERE` where there is none, in the padding or behind the end.
    """
    sides = [
        _phases(*side)
        for side in zip(
            geometry.image, geometry.window, geometry.strides, geometry.before, geometry.output,
            geometry.dilation, strict=True,
        )
    ]  # fmt: skip
    strides, pixels, positions = zip(*sides, strict=True)
    image = tuple(part.shape[1] for part in pixels)
    plain = Geometry.of(image, geometry.window, strides, "valid")
    return plain, pixels, positions


def _phases(image, window, stride, before, output, dilation):
    """One side of `phases_of`: the phases' stride, pixels and positions.

    Cell u at position i meets pixel i · stride + u · dilation − before. With i = k · count + phase
    that is ``dilation`` times k · ``step`` + u, and what the phase begins with.
    """
    common = gcd(stride, dilation)
    count, step = min(dilation // common, output), stride // common
    phase = np.arange(count)[:, None]  # (phases, 1)
    positions = phase + count * np.arange(-(-output // count))  # (phases, positions)
    cells = np.arange((positions.shape[1] - 1) * step + window)
    pixels = phase * stride - before + dilation * cells  # (phases, pixels)
    pixels[(pixels < 0) | (pixels >= image)] = NOWHERE
    positions[positions >= output] = NOWHERE
    return step, pixels, positions


def apart(images, indices):
    """The phases of images (N, H, W, C) as one batch (phases · N, height, width, C).

    ``indices``: pixels or positions, as `phases_of` gives them.
    """
    rows, columns = indices
    counts = len(rows), len(columns), len(images)
    phases = np.empty((*counts, rows.shape[1], columns.shape[1], images.shape[3]), images.dtype)
    _take(images, rows, columns, phases)
    return phases.reshape(-1, *phases.shape[3:])


@parallel
def _take(images, rows, columns, phases):
    """``phases[p, q, n, k, m] = images[n, rows[p, k], columns[q, m]]``, 0 where that is nowhere."""
    down, right, count, height, width, channels = phases.shape
    for row in prange(down * right * count * height):
        batch, k = row // height, row % height
        p, q, n = batch // count // right, batch // count % right, batch % count
        for m in range(width):
            pixel = phases[p, q, n, k, m]
            if rows[p, k] == NOWHERE or columns[q, m] == NOWHERE:
                pixel[:] = 0
            else:
                source = images[n, rows[p, k], columns[q, m]]
                for c in range(channels):
                    pixel[c] = source[c]


def together(batch, indices, out):
    """Put the phases, a batch as `apart` gives it, back into the images ``out`` (N, H, W, C).

    Pixels that belong to no phase become 0.
    """
    rows, columns = indices
    phases = batch.reshape(len(rows), len(columns), len(out), *batch.shape[1:])
    _put(phases, _places(rows, out.shape[1]), _places(columns, out.shape[2]), out)


def _places(indices, size):
    """For each index along a side, its phase and its place there: (size, 2), or `NOWHERE`."""
    places = np.full((size, 2), NOWHERE)
    where = np.nonzero(indices != NOWHERE)
    places[indices[where]] = np.stack(where, axis=1)
    return places


@parallel
def _put(phases, rows, columns, out):
    """``out[n, h, w] = phases[p, q, n, k, m]``; ``rows[h]`` are p and k, ``columns[w]`` q and m."""
    images, height, width, channels = out.shape
    for row in prange(images * height):
        n, h = row // height, row % height
        p, k = rows[h, 0], rows[h, 1]
        for w in range(width):
            q, m = columns[w, 0], columns[w, 1]
            pixel = out[n, h, w]
            if p == NOWHERE or q == NOWHERE:
                pixel[:] = 0
            else:
                source = phases[p, q, n, k, m]
                for c in range(channels):
                    pixel[c] = source[c]
