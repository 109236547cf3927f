"""Answers to the exercises on the GPU's kernels, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.fast_kernels_on_the_gpu import exercises
from cnncourse.kernels.cuda.compiler import cuda, float32, jit


@jit
def nothing_written(x, out):
    pass


@jit
def not_clipped_above(x, out):
    k = cuda.grid(1)
    if k < x.size:
        out[k] = max(x[k], exercises.ZERO)


@jit
def first_block_only(x, out):
    k = cuda.threadIdx.x
    if cuda.blockIdx.x == 0:
        out[k] = min(max(x[k], exercises.ZERO), exercises.ONE)


@jit
def without_a_guard(x, out):
    k = cuda.grid(1)
    out[k] = float32(0.5)


@jit
def not_clipped_below(x, out):
    k = cuda.grid(1)
    if k < x.size:
        out[k] = min(x[k], exercises.ONE)


@jit
def min_and_max_swapped(x, out):
    k = cuda.grid(1)
    if k < x.size:
        out[k] = max(min(x[k], exercises.ZERO), exercises.ONE)


@jit
def changes_x(x, out):
    k = cuda.grid(1)
    if k < x.size:
        x[k] = min(max(x[k], exercises.ZERO), exercises.ONE)


@jit
def clipped_only(x, out):
    k = cuda.grid(1)
    if k < x.size:
        if x[k] <= exercises.ZERO:
            out[k] = exercises.ZERO
        if x[k] >= exercises.ONE:
            out[k] = exercises.ONE


@jit
def not_clipped(x, out):
    k = cuda.grid(1)
    if k < x.size:
        out[k] = x[k]


@jit
def without_sign(x, out):
    k = cuda.grid(1)
    if k < x.size:
        out[k] = min(abs(x[k]), exercises.ONE)


@jit
def above_zero(x, out):
    k = cuda.grid(1)
    if k < x.size:
        out[k] = exercises.ONE if x[k] > exercises.ZERO else exercises.ZERO


def by_ifs(x, out):
    """As people write it first; becomes a kernel below."""
    k = cuda.grid(1)
    if k < x.size:
        out[k] = x[k]
        if x[k] < exercises.ZERO:
            out[k] = exercises.ZERO
        if x[k] > exercises.ONE:
            out[k] = exercises.ONE


def apart(factor):
    """A judge that allows so many roundings of a product."""
    return lambda a, b, size, n: np.all(abs(a - b) <= factor * n * 2.0**-24 * size)


ANSWERS = {
    exercises.check_grid: [
        (None, 24, "not answered yet"),
        (8.0, np.int64(24), "right: "),
        (7.8125, 0, "blocks come in whole numbers, so round up"),
        (float("nan"), 0, "blocks come in whole numbers"),
        ("8", 24, "two whole numbers"),
        (7.0, 0, "7 blocks have 896 threads, and 1000 are needed"),
        (9, 152, "not every block would have something to do"),
        (8, 0, "all blocks have 1024 threads"),
    ],
    exercises.check_clip: [
        (nothing_written, "not answered yet"),
        (jit(by_ifs), "right: "),
        (not_clipped_above, "1.5 became 1.5: nothing above 1"),
        (not_clipped_below, "-2 became -2: nothing below 0"),
        (changes_x, "it changes x"),
        (clipped_only, "where x is 0.25, nothing is written"),
        (not_clipped, "-2 became -2: nothing is clipped yet"),
        (without_sign, "the sign counts"),
        (above_zero, "0.25 became 1: what lies between"),
        (min_and_max_swapped, "min and max look swapped"),
        (first_block_only, "only the first block writes"),
        (without_a_guard, "there are 16 threads for 11 elements"),
        (by_ifs, "a kernel is wanted, with @cuda.jit above it"),
    ],
    exercises.check_loads: [
        (0.046875, "right: "),
        (0.047, "right: "),
        (1 / 1024, "a value serves"),
        (1 / 32, "these are the pixels alone"),
        (1 / 64, "these are the weights alone"),
        (21.3, "that is upside down"),
        (3 / 128, "per operation"),
        (0.1875, "these are bytes"),
        ("3/64", "expected a number"),
        (0.1, "for one step"),
        (96, "these are the loads of one step"),
        (2, "that is the naive kernel"),
    ],
    exercises.check_agreement: [
        (apart(2.00001), "right: "),
        (lambda a, b, size, n: np.array_equal(a, b), "it refuses large sums"),
        (lambda a, b, size, n: np.allclose(a, b, rtol=0, atol=1e-6), "grows with `size`"),
        (lambda a, b, size, n: np.allclose(a, b), "it refuses a sum of large products"),
        (lambda a, b, size, n: np.allclose(a, b, atol=0.1), "it accepts small results"),
        (apart(5), "it accepts more than rounding"),
        (apart(1), "one result may be"),
        (lambda a, b, size, n: not np.any(abs(a - b) > 2 * n * 2.0**-24 * size), "NaN"),
        (lambda a, b, size, n: np.any(abs(a - b) <= 2 * n * 2.0**-24 * size), "not np.any"),
        (lambda a, b, size, n: np.all(a - b <= 2 * n * 2.0**-24 * size), "may be negative"),
        (lambda a, b, size, n: np.all(b - a <= 2 * n * 2.0**-24 * size), "may be negative"),
        (lambda a, b, size, n: apart(2)(a, b, size.max(), n), "a size of its own"),
        (lambda a, b, size, n: apart(2)(a, b, abs(b), n), "products may cancel"),
        (lambda a, b, size, n: apart(2)(a, b, size, 1), "n of them"),
        (lambda a, b, size, n: apart(2)(a, b, 1, n), "grows with `size`"),
        (lambda a, b, size, n: False, "it refuses results that are the same"),
        (lambda a, b, size, n: abs(a - b) <= 2 * n * 2.0**-24 * size, "one verdict"),
        (lambda a, b, n: True, "your function raises TypeError"),
    ],
    exercises.check_lost: [
        ((2, 0, 1, 0, 1, 2), 1.0, "right: "),
        ([0, 1, 1, 2, 2, 0], None, "not answered yet"),
        ([0, 1, 1, 2, 2, 0], 3, "the order is right"),
        ([0, 0, 1, 1, 2, 2], 3, "here thread 0 reads first, and thread 2 writes last"),
        ([0, 1, 1, 0], 1, "a list of turns, two for each"),
        ([0, 1, 2], 1, "a list of turns, two for each"),
        (3, 1, "a list of turns, two for each"),
    ],
    exercises.check_same_bits: [
        ("losing_sum", "who comes when"),
        ("atomic_sum", "is their order the same"),
        ("both", "expected 'atomic_sum', 'losing_sum' or 'neither'"),
    ],
}
