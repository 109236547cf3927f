"""Sums over rows, column by column: of a matrix (rows, columns), of its squares, of products.

Threads cannot simply add to one sum: whoever reads it, adds and writes it back loses what others
wrote meanwhile, and atomic additions come in another order, so with other last digits, in each run.
So sums are taken in an order that is fixed, which is called a *reduction*: a block's threads take
every so-many-th row each, then add up their sums in pairs, in shared memory. Long columns are
shared out to several blocks, whose partial sums are added by a second launch.
"""

import numpy as np

from .compiler import cuda, device, float32, jit
from .device_arrays import empty
from .launching import blocks, launch_grid

ZERO = np.float32(0)
ONE = np.float32(1)
COLUMNS = 32  # of a block, side by side: a warp reads 128 bytes in a row, coalesced
THREADS = 8  # of a block that share a column
ROWS = 256  # of a column that are worth a block of their own
MOST_BLOCKS = 128  # for a column


def column_sums(term):
    """A function ``sums(a, b, means, rows, columns, divisor, out)``, all arrays flat.

    ``out[column] = Σ term(a, b, means, row, column, columns) / divisor`` over the rows. ``term`` is
    a device function, and need not read all that it is given.
    """

    @jit
    def kernel(a, b, means, rows, columns, divisor, out):
        """``out`` (gridDim.y, columns), flat: each block's sums of its rows."""
        partial_sums = cuda.shared.array((THREADS, COLUMNS), float32)
        x = cuda.threadIdx.x
        y = cuda.threadIdx.y
        column = cuda.blockIdx.x * COLUMNS + x
        total = ZERO
        if column < columns:
            for row in range(cuda.blockIdx.y * THREADS + y, rows, cuda.gridDim.y * THREADS):
                total += term(a, b, means, row, column, columns)
        partial_sums[y, x] = total
        half = THREADS // 2
        while half > 0:
            cuda.syncthreads()
            if y < half:
                partial_sums[y, x] += partial_sums[y + half, x]
            half //= 2
        if y == 0 and column < columns:
            out[cuda.blockIdx.y * columns + column] = partial_sums[0, x] / divisor

    def sums(a, b, means, rows, columns, divisor, out):
        """Launch the kernel; see `column_sums`."""
        divisor = np.float32(divisor)
        parts = min(blocks(rows, ROWS), MOST_BLOCKS)
        grid = blocks(columns, COLUMNS), parts
        threads = COLUMNS, THREADS
        if parts == 1:
            launch_grid(kernel, grid, threads, a, b, means, rows, columns, divisor, out)
        else:
            part_sums = empty((parts, columns))
            launch_grid(kernel, grid, threads, a, b, means, rows, columns, ONE, part_sums.flat)
            sum_rows(part_sums.flat, parts, columns, divisor, out)

    sums.kernel = kernel
    return sums


@device
def _element(a, b, means, row, column, columns):
    """The element itself of ``a`` (rows, columns)."""
    return a[row * columns + column]


_plain_sums = column_sums(_element)


def sum_rows(a, rows, columns, divisor, out):
    """``out`` (columns,) = the sums of the columns of ``a`` (rows, columns), divided; all flat."""
    _plain_sums(a, a, a, rows, columns, divisor, out)
