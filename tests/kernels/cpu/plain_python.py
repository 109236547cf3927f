"""The CPU's kernels in plain Python, where ``NUMBA_DISABLE_JIT=1`` keeps numba from compiling.

    NUMBA_DISABLE_JIT=1 pytest tests/kernels -k "conformance and cpu"

Then each line of a kernel can be traced (`tools/measure_coverage.py` counts them) and stopped at in
a debugger, and each index is checked. Only SIMD instructions cannot run so: after `install`, NumPy
stands in for them, on the same arrays, with the same arguments, and with an ``IndexError`` for
whatever they would read or write outside.
"""

import ctypes
import sys

import numpy as np
from numba.extending import _Intrinsic

from cnncourse import kernels
from cnncourse.kernels import cpu
from cnncourse.kernels.contract import BLOCKED_BY_RELU
from cnncourse.kernels.cpu.simd.tap_kernel import TAPS
from cnncourse.kernels.cpu.simd.vector_width import VECTOR_WIDTH

VECTOR = VECTOR_WIDTH, 1  # so many elements, side by side


def install():
    """Put the stand-ins in the instructions' places, and let the device ``"cpu"`` be used."""
    for name, module in list(sys.modules.items()):
        if name.startswith(cpu.__name__):
            for name, value in list(vars(module).items()):
                if isinstance(value, _Intrinsic) and name not in UNUSED:
                    setattr(module, name, globals()[name])
    kernels._require_compiler = lambda: None
    # what compiled code computes without a word: infinities, and hashes modulo 2**32
    np.seterr(all="ignore")


# only compiled code calls them
UNUSED = (
    "_every_register_block",
    "_every_tap_block",
    "_every_block_of_channels",
    "_sums_of",
    "_every_block",
    "multiply_adds_only",
)


def cells(array, first, *axes):
    """The array, and indices into it: ``first``, and so far along each of (count, distance)."""
    index = np.asarray(first)
    for count, distance in axes:
        index = index[..., None] + np.arange(count) * distance
    if index.size and not 0 <= index.min() <= index.max() < array.size:
        raise IndexError(f"{index.min()} to {index.max()} of {array.size} elements")
    assert array.flags.c_contiguous, "a copy of it would be written"
    return array.reshape(-1), index


def read(*walk):
    """The elements, shaped by the axes' counts."""
    array, index = cells(*walk)
    return array[index]


def write(values, *walk):
    """Write where `read` would read."""
    array, index = cells(*walk)
    array[index] = values


def micro_kernel(columns, vectors, rows, steps, left, right, addend, out, least):
    left, first, *distances = left
    left = read(left, first, *zip((columns, rows, steps), distances, strict=True))
    _sum_up(left[..., None], vectors, right, addend, out, least)


def channel_kernel(function, columns, vectors, rows, steps, left, right, addend, out, least):
    left, first, *distances = left
    vector = vectors * VECTOR_WIDTH, 1
    left = read(left, first, *zip((columns, rows, steps), distances, strict=True), vector)
    _sum_up(left, vectors, right, addend, out, least)


def tap_kernel(function, columns, rows, steps, left, right, addend, out, least):
    left, first, *distances = left
    right, right_first, *right_distances = right
    left = read(left, first, *zip((columns + TAPS - 1, rows, steps), distances, strict=True))
    right = read(
        right, right_first, *zip((TAPS, rows, steps), right_distances, strict=True), VECTOR
    )
    products = np.zeros((columns, VECTOR_WIDTH), np.float32)
    for row in range(rows):  # in this order, as below
        for step in range(steps):
            for tap in range(TAPS):
                values = left[tap : tap + columns, row, step]
                products += values[:, None] * right[tap, row, step]
    _finish(products, addend, out, least)


def tap_sums(function, channels, rows, steps, left, right, out):
    if rows < 1:
        return
    left, first, *distances = left
    right, right_first, *right_distances = right
    left = read(left, first, *zip((channels, rows, steps), distances, strict=True))
    right = read(
        right, right_first, *zip((TAPS, rows, steps), right_distances, strict=True), VECTOR
    )
    array, first, *distances = out
    places = array, first, *zip((channels, TAPS), distances, strict=True), VECTOR
    write(read(*places) + np.einsum("crs,trso->cto", left, right), *places)


def pooled_kernel(
    function, pool_height, pool_width, vectors, columns, rows, steps, relu, with_argmax,
    left, right, bias, out, argmax,
):  # fmt: skip
    left, first, *distances = left
    right, right_first, *right_distances = right
    vector = vectors * VECTOR_WIDTH, 1
    counts = pool_height, columns * pool_width, rows, steps
    left = read(left, first, *zip(counts, distances, strict=True))
    right = read(right, right_first, *zip((rows, steps), right_distances, strict=True), vector)
    sums = np.zeros((*left.shape[:2], vector[0]), np.float32)
    for row in range(rows):  # in this order, as in `_sum_up`
        for step in range(steps):
            sums += left[:, :, row, step, None] * right[row, step]
    sums += read(*bias, vector)
    for column in range(columns):
        for k in range(0, vector[0], VECTOR_WIDTH):
            window = sums[:, column * pool_width :][:, :pool_width, k : k + VECTOR_WIDTH]
            pixels = window.reshape(-1), 0, pool_width * VECTOR_WIDTH, VECTOR_WIDTH
            to, marks = [
                (array, first + column * distance + k) for array, first, distance in (out, argmax)
            ]
            pool(pixels, (pool_height, pool_width), relu, to, marks, with_argmax)


def window_sums(function, height, run, vectors, rows, steps, left, right, out):
    left, first, down, *distances = left
    right, right_first, *right_distances = right
    window = (height, down), (run, 1)
    vector = vectors * VECTOR_WIDTH, 1
    left = read(left, first, *window, *zip((rows, steps), distances, strict=True))
    right = read(right, right_first, *zip((rows, steps), right_distances, strict=True), vector)
    array, first, *distances = out
    places = array, first, *zip((height, run), distances, strict=True), vector
    write(read(*places) + np.einsum("urij,ijo->uro", left, right), *places)


def row_product(units, steps, left, right, out):
    right, first, distance = right
    left = read(*left, (steps, 1))
    right = read(right, first, (steps, distance), (units, 1))
    total = read(*out, (-(-units // VECTOR_WIDTH) * VECTOR_WIDTH, 1))
    products = np.zeros(units, np.float32)
    for step in range(steps):  # in this order, as above
        products += left[step] * right[step]
    total[:units] += products
    write(total, *out, (len(total), 1))


def _sum_up(left, vectors, right, addend, out, least):
    """The rest of both, with ``left`` (columns, rows, steps, one value or as many as ``right``)."""
    columns, rows, steps, _ = left.shape
    right, right_first, *right_distances = right
    addend, addend_first, addend_distance = addend
    out, out_first, out_distance = out
    vector = vectors * VECTOR_WIDTH, 1
    right = read(right, right_first, *zip((rows, steps), right_distances, strict=True), vector)
    products = np.zeros((columns, vectors * VECTOR_WIDTH), np.float32)
    for row in range(rows):  # always in this order: fused kernels have the plain ones' bits
        for step in range(steps):
            products += left[:, row, step] * right[row, step]
    _finish(
        products, (addend, addend_first, addend_distance), (out, out_first, out_distance), least
    )


def _finish(products, addend, out, least):
    """Add what is to be added to the sums, raise to the least value, write."""
    addend, addend_first, addend_distance = addend
    out, out_first, out_distance = out
    vector = products.shape[1], 1
    for column in range(len(products)):  # one after the other: where they overlap, sums add up
        total = products[column] + read(addend, addend_first + column * addend_distance, vector)
        total = np.where(total < least, least, total)  # NaN stays
        write(total, out, out_first + column * out_distance, vector)


def fma(a, b, c):
    return a * b + c


def dot_products(steps, left, right, out):
    left, first, distance = left
    left = read(left, first, (VECTOR_WIDTH, distance), (steps * VECTOR_WIDTH, 1))
    right = read(*right, (steps * VECTOR_WIDTH, 1))
    write(read(*out, (VECTOR_WIDTH, 1)) + left @ right, *out, (VECTOR_WIDTH, 1))


def shared_dot_products(taps, rows, steps, left, right, out):
    columns = VECTOR_WIDTH - taps + 1
    left, left_first, *left_distances = left
    right, right_first, *right_distances = right
    run = steps * VECTOR_WIDTH, 1
    left = read(left, left_first, *zip((columns, rows), left_distances, strict=True), run)
    right = read(right, right_first, *zip((taps, rows), right_distances, strict=True), run)
    products = np.tensordot(left, right, ((1, 2), (1, 2)))  # (columns, taps)
    total = read(*out, (VECTOR_WIDTH, 1))
    for tap in range(taps):
        total[tap : tap + columns] += products[:, tap]
    write(total, *out, (VECTOR_WIDTH, 1))


def _add_rows(count, rows, argmax, sums):
    _add_terms(_passed(count, rows, argmax), sums)


def _add_moments(count, rows, shift, sums, squares):
    deviations = _below(count, rows) - read(*shift, VECTOR).astype(float)
    _add_terms(deviations, sums)
    _add_terms(deviations**2, squares)


def _add_gradient_sums(count, gradient, argmax, rows, mean, sums, products):
    gradient = _passed(count, gradient, argmax)
    _add_terms(gradient, sums)
    _add_terms(gradient * (_below(count, rows) - read(*mean, VECTOR)), products)


def _add_terms(terms, sums):
    write(read(*sums, VECTOR) + np.sum(terms, axis=0, dtype=np.float64), *sums, VECTOR)


def _normalize_rows(count, rows, mean, scale, beta, addend, least, out, argmax):
    mean, scale, beta = [read(*channels, VECTOR) for channels in (mean, scale, beta)]
    values = (_below(count, rows) - mean) * scale + beta
    if addend[0] is not None:
        values = values + _below(count, addend)
    write(np.where(values < least, least, values), *out[:2], (count, out[2]), VECTOR)  # NaN stays
    if argmax[0] is not None:
        cells = np.where(values > 0, 0, BLOCKED_BY_RELU)
        write(cells, *argmax[:2], (count, argmax[2]), VECTOR)


def _gradient_of_rows(count, gradient, argmax, rows, mean, scale, beta_mean, gamma_mean, out):
    channels = mean, scale, beta_mean, gamma_mean
    mean, scale, beta_mean, gamma_mean = [read(*values, VECTOR) for values in channels]
    taken = beta_mean + (_below(count, rows) - mean) * gamma_mean
    values = scale * (_passed(count, gradient, argmax) - taken)
    write(values, *out[:2], (count, out[2]), VECTOR)


def _below(count, walk):
    """A vector in each of so many rows."""
    array, first, distance = walk
    return read(array, first, (count, distance), VECTOR)


def _passed(count, gradient, argmax):
    values = _below(count, gradient)
    if argmax[0] is not None:
        values = np.where(_below(count, argmax) == BLOCKED_BY_RELU, 0, values)
    return values


def pool(pixels, window, relu, out, argmax, with_argmax):
    pixels, first, *distances = pixels
    values = read(pixels, first, *zip(window, distances, strict=True), VECTOR)
    values = values.reshape(-1, VECTOR_WIDTH)
    cell = np.argmax(values, axis=0)  # of NaNs, if there are any, the first
    best = np.max(values, axis=0)
    if relu:
        cell[~(best > 0)] = BLOCKED_BY_RELU
        best = np.where(best < 0, 0, best)  # NaN stays
    write(best, *out, VECTOR)
    if with_argmax:
        write(cell, *argmax, VECTOR)


def _weighted_means(count, vectors, channels, pixels, weights, window, total, out):
    pixels, first, down, across, step = pixels
    weights, cell, row = weights
    rows, columns = window
    run = vectors * VECTOR_WIDTH, 1
    values = read(pixels, first, (count, step), (rows, down), (columns, across), run)
    cells = read(weights, cell, (rows, row), (columns, 1))
    sums = (values * cells[..., None]).sum(axis=(1, 2))
    write(sums / total, *out, (count, channels), run)


def _add_scaled(count, factor, pixels, anew, sums):
    source, source_first, source_step = pixels
    target, target_first, target_step = sums
    total = 0 if anew else read(target, target_first, (count, target_step), VECTOR)
    total = total + factor * read(source, source_first, (count, source_step), VECTOR)
    write(total, target, target_first, (count, target_step), VECTOR)


def gradient_of_cell(gradient, argmax, cell, out):
    write(np.where(read(*argmax, VECTOR) == cell, read(*gradient, VECTOR), 0), *out, VECTOR)


def _pointer(address):
    return ctypes.cast(int(address), ctypes.POINTER(ctypes.c_float))  # as numba.carray takes it


def prefetch(floats, count):
    """Nothing: it only makes memory come sooner, and may ask for what is beyond an array."""
