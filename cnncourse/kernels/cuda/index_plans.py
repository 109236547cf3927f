"""Plans: where the values of a convolution lie, as tables that the kernels look up.

A convolution and its input gradient are both a matrix product (a GEMM),

    out[m, n] = Σ A[m, k] · B[k, n]

Row m of A is the patch under the window at position m; k runs over the patch's cells (u, v, c); B
is the weights. A is the matrix that *im2col* would store. Here it is never stored, the GEMM is
*implicit*: all that the kernels need is where its values lie. A position gives the index of its
patch's corner in the image, the corner's row and column (to see what lies beyond the image), and
the index of its result. A cell adds an offset, rows and columns to these, and has an index in the
weights.

In the input gradient of a convolution with strides, a pixel meets only the cells of the window that
are a whole number of strides from it. Pixels that meet the same cells are a *phase*: each phase is
a convolution of its own, and has its own plan.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .index_tables import table

# A table's head: sizes, which these are the indices of; at START the columns begin.
POSITIONS, CELLS, COLUMNS, HEIGHT, WIDTH, IMAGE_SIZE, OUT_SIZE, COLUMN_STRIDE, START = range(9)
# Four columns with a value a position: column q of position p is at START + q · positions + p.
CORNER, TOP, LEFT, RESULT, POSITION_COLUMNS = range(5)
# Behind them, four columns with a value a cell.
OFFSET, DOWN, RIGHT, WEIGHT = range(4)


@dataclass(frozen=True)
class Plan:
    """The table on the GPU, and what the CPU must know of it."""

    table: object  # int32, flat, in the order of the indices above
    positions: int  # in one image; with those of all images, M
    cells: int  # of the window, times channels: K
    columns: int  # of the weights: N
    padded: bool  # whether a window reaches beyond the image
    row_major: bool  # whether B's rows lie side by side in memory; else its columns do


@lru_cache(maxsize=256)
def forward(geometry, channels, filters):
    """The `Plan` of ``reference.conv2d``, and of the gradient of its kernel."""
    tops, lefts = (
        np.arange(count) * stride - before
        for count, stride, before in zip(
            geometry.output, geometry.strides, geometry.before, strict=True
        )
    )
    return _plan(
        corners=(tops, lefts),
        shifts=tuple(
            np.arange(cells) * apart
            for cells, apart in zip(geometry.window, geometry.dilation, strict=True)
        ),
        source=(*geometry.image, channels),
        results=np.arange(len(tops) * len(lefts)) * filters,
        weights=np.arange(geometry.window[0] * geometry.window[1] * channels) * filters,
        columns=filters,
        column_stride=1,
        out_size=len(tops) * len(lefts) * filters,
    )


@lru_cache(maxsize=256)
def phases(geometry, channels, filters):
    """The `Plan` of each phase of ``reference.conv2d_input_gradient``, as a tuple."""
    height, width = geometry.image
    cells = np.arange(geometry.window[0] * geometry.window[1]).reshape(geometry.window)
    plans = []
    for down, right in np.ndindex(geometry.strides):
        rows, tops, met_rows, up = _phase(geometry, 0, down)
        columns, lefts, met_columns, back = _phase(geometry, 1, right)
        if len(rows) and len(columns):
            met = cells[np.ix_(met_rows, met_columns)]
            plan = _plan(
                corners=(tops, lefts),
                shifts=(up, back),
                source=(*geometry.output, filters),
                results=(rows[:, None] * width + columns).reshape(-1) * channels,
                weights=(met.reshape(-1, 1) * channels * filters + np.arange(filters)).reshape(-1),
                columns=channels,
                column_stride=filters,
                out_size=height * width * channels,
            )
            plans.append(plan)
    return tuple(plans)


def _phase(geometry, axis, phase):
    """Along an axis: the phase's pixels, the positions they begin at, their cells and shifts.

    Pixel h lies under cell u at position (h + before − u · dilation) / stride, if that is a whole
    number: for all pixels of a phase, it is so for the same cells.
    """
    stride = geometry.strides[axis]
    before = geometry.before[axis]
    pixels = np.arange((phase - before) % stride, geometry.image[axis], stride)
    cells = np.arange(geometry.window[axis])
    back = cells * geometry.dilation[axis] - phase
    met = cells[back % stride == 0]
    return pixels, (pixels + before - phase) // stride, met, -(back[met] // stride)


def _plan(corners, shifts, source, results, weights, columns, column_stride, out_size):
    """A `Plan` for the positions × cells that some corners and shifts span.

    ``corners``: the patches' top rows (I,) and left columns (J,), negative in the padding;
    ``shifts``: the cells' rows (U,) and columns (V,) from there; ``source``: height, width and
    channels C of the image that is read; ``results`` (I · J,): each position's index in one image
    of the output; ``weights`` (U · V · C,): each cell's index in the weights; ``columns``: of B;
    ``column_stride``: how far apart those are in memory; ``out_size``: elements of one image of the
    output.
    """
    height, width, channels = source
    tops, lefts = (part.reshape(-1) for part in np.meshgrid(*corners, indexing="ij"))  # (I · J,)
    downs, rights, inner = (  # (U · V · C,)
        part.reshape(-1) for part in np.meshgrid(*shifts, np.arange(channels), indexing="ij")
    )
    head = np.empty(START, int)
    head[POSITIONS] = len(tops)
    head[CELLS] = len(downs)
    head[COLUMNS] = columns
    head[HEIGHT] = height
    head[WIDTH] = width
    head[IMAGE_SIZE] = height * width * channels
    head[OUT_SIZE] = out_size
    head[COLUMN_STRIDE] = column_stride
    positions = [(tops * width + lefts) * channels, tops, lefts, results]
    cells = [(downs * width + rights) * channels + inner, downs, rights, weights]
    padded = len(downs) > 0 and (_beyond(tops, downs, height) or _beyond(lefts, rights, width))
    return Plan(
        table=table(np.concatenate([head, *positions, *cells])),
        positions=len(tops),
        cells=len(downs),
        columns=columns,
        padded=bool(padded),
        row_major=column_stride == 1,
    )


def _beyond(corners, shifts, size):
    """Whether a corner with a shift is ever outside 0 … size − 1."""
    return corners.min() + shifts.min() < 0 or corners.max() + shifts.max() >= size
