"""Plans: where the numbers of a convolution lie, as tables that the kernels look up.

A convolution, and the way back to its input, are sums over what lies under a window,

    out[m, o] = Σ source[position m, cell l] · weights[l, o]

and all that differs is where those numbers lie. Position m is that of one image: its corner's place
in the image, the corner's row and column (to see what lies beyond the image), and the place of its
result. Cell l adds an offset, rows and columns to these, and has a place in the weights.

On the way back to the input with strides, a pixel meets only the cells of the window that are a
whole number of strides from it. Pixels that meet the same cells are a *phase*: each phase is a
convolution of its own, and has its own plan.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .index_tables import table

# places in the head of a table; behind it come four numbers a position, then four a cell
POSITIONS, CELLS, COLUMNS, HEIGHT, WIDTH, IMAGE, OUT, STEP, START = range(9)


@dataclass(frozen=True)
class Plan:
    """The table on the GPU, and what the CPU must know of it."""

    table: object
    positions: int  # in one image
    cells: int
    columns: int  # of the weights
    padded: bool  # whether a window reaches beyond the image
    straight: bool  # whether neighbouring columns of the weights lie side by side


@lru_cache(maxsize=256)
def forward(geometry, channels, filters):
    """The plan of ``reference.conv2d``, and of the gradient of its kernel."""
    tops, lefts = (
        np.arange(count) * stride - before
        for count, stride, before in zip(
            geometry.output, geometry.strides, geometry.before, strict=True
        )
    )
    return _plan(
        corners=(tops, lefts),
        shifts=tuple(map(np.arange, geometry.window)),
        source=(*geometry.image, channels),
        results=np.arange(len(tops) * len(lefts)) * filters,
        weights=np.arange(geometry.window[0] * geometry.window[1] * channels) * filters,
        columns=filters,
        step=1,
        out=len(tops) * len(lefts) * filters,
    )


@lru_cache(maxsize=256)
def phases(geometry, channels, filters):
    """The plans of ``reference.conv2d_input_gradient``: one for each phase of the strides."""
    height, width = geometry.image
    cells = np.arange(geometry.window[0] * geometry.window[1]).reshape(geometry.window)
    plans = []
    for down, right in np.ndindex(geometry.strides):
        rows, tops, up = _phase(geometry, 0, down)
        columns, lefts, back = _phase(geometry, 1, right)
        if len(rows) and len(columns):
            met = cells[down :: geometry.strides[0], right :: geometry.strides[1]]
            plan = _plan(
                corners=(tops, lefts),
                shifts=(up, back),
                source=(*geometry.output, filters),
                results=(rows[:, None] * width + columns).reshape(-1) * channels,
                weights=(met.reshape(-1, 1) * channels * filters + np.arange(filters)).reshape(-1),
                columns=channels,
                step=filters,
                out=height * width * channels,
            )
            plans.append(plan)
    return tuple(plans)


def _phase(geometry, axis, phase):
    """Along an axis: the phase's pixels, the output positions they begin at, and their shifts.

    Pixel h lies under cell u at position (h + before − u) / stride, if that is a whole number.
    """
    stride, before = geometry.strides[axis], geometry.before[axis]
    pixels = np.arange((phase - before) % stride, geometry.image[axis], stride)
    met = np.arange(phase, geometry.window[axis], stride)
    return pixels, (pixels + before - phase) // stride, -((met - phase) // stride)


def _plan(corners, shifts, source, results, weights, columns, step, out):
    """A plan from the rows and columns of its positions' corners, and of its cells' shifts."""
    height, width, depth = source
    tops, lefts = (part.reshape(-1) for part in np.meshgrid(*corners, indexing="ij"))
    downs, rights, inner = (
        part.reshape(-1) for part in np.meshgrid(*shifts, np.arange(depth), indexing="ij")
    )
    head = np.empty(START, int)
    head[[POSITIONS, CELLS, COLUMNS, HEIGHT]] = len(tops), len(downs), columns, height
    head[[WIDTH, IMAGE, OUT, STEP]] = width, height * width * depth, out, step
    positions = [(tops * width + lefts) * depth, tops, lefts, results]
    cells = [(downs * width + rights) * depth + inner, downs, rights, weights]
    padded = len(downs) > 0 and (_beyond(tops, downs, height) or _beyond(lefts, rights, width))
    return Plan(
        table=table(np.concatenate([head, *positions, *cells])),
        positions=len(tops),
        cells=len(downs),
        columns=columns,
        padded=bool(padded),
        straight=step == 1,
    )


def _beyond(corners, shifts, size):
    """Whether a corner with a shift is ever outside 0 … size − 1."""
    return corners.min() + shifts.min() < 0 or corners.max() + shifts.max() >= size
