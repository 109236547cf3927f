"""Sums over rows, column by column: of a matrix (rows, columns), of its squares, of products.

Threads cannot simply add to one number: whoever reads it, adds and writes it back loses what others
wrote meanwhile, and atomic additions come in another order, so with other last digits, in each run.
So sums are taken in an order that is fixed: a block's threads take every so-many-th row each, then
add up their sums in pairs, in shared memory. Long columns are shared out to several blocks, whose
partial sums are added by a second launch.
"""

import numpy as np

from .compiler import cuda, device, float32, jit
from .device_arrays import empty
from .launching import blocks

ZERO, ONE = np.float32(0), np.float32(1)
COLUMNS = 32  # side by side in a block: a warp reads 128 bytes in a row
ROWS = 8  # threads of a block that share a column
LONG = 256  # rows from which a column is worth more than one block
MOST = 128  # blocks for a column


def summing(term):
    """A function ``sums(a, b, means, rows, columns, divisor, out)``, all arrays flat.

    ``out[column] = Σ term(a, b, means, row, column, columns) / divisor`` over the rows. ``term`` is
    a device function, and need not read all that it is given.
    """

    @jit
    def kernel(a, b, means, rows, columns, divisor, out):
        """``out`` (gridDim.y, columns): each block's sums of its rows."""
        shared = cuda.shared.array((ROWS, COLUMNS), float32)
        x = cuda.threadIdx.x
        y = cuda.threadIdx.y
        column = cuda.blockIdx.x * COLUMNS + x
        total = ZERO
        if column < columns:
            for row in range(cuda.blockIdx.y * ROWS + y, rows, cuda.gridDim.y * ROWS):
                total += term(a, b, means, row, column, columns)
        shared[y, x] = total
        half = ROWS // 2
        while half > 0:
            cuda.syncthreads()
            if y < half:
                shared[y, x] += shared[y + half, x]
            half //= 2
        if y == 0 and column < columns:
            out[cuda.blockIdx.y * columns + column] = shared[0, x] / divisor

    def sums(a, b, means, rows, columns, divisor, out):
        divisor = np.float32(divisor)
        parts = min(blocks(rows, LONG), MOST)
        grid, threads = (blocks(columns, COLUMNS), parts), (COLUMNS, ROWS)
        if parts == 1:
            kernel[grid, threads](a, b, means, rows, columns, divisor, out)
        else:
            room = empty((parts, columns))
            kernel[grid, threads](a, b, means, rows, columns, ONE, room.flat)
            sum_rows(room.flat, parts, columns, divisor, out)

    sums.kernel = kernel
    return sums


@device
def _number(a, b, means, row, column, columns):
    return a[row * columns + column]


_plain = summing(_number)


def sum_rows(a, rows, columns, divisor, out):
    """``out`` (columns,) = the sums of the columns of ``a`` (rows, columns), divided; all flat."""
    _plain(a, a, a, rows, columns, divisor, out)
