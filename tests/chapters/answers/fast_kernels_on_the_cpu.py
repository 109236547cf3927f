"""Answers to the exercises on the CPU's kernels, and what their checks say of them."""

import numpy as np

from cnncourse.chapters import fast_kernels_on_the_cpu as ladder
from cnncourse.chapters.fast_kernels_on_the_cpu import exercises


def right(x, kernel):
    return exercises.cell_by_cell(x, kernel)


def forgets_to_add(x, kernel):
    for u in range(kernel.shape[0]):
        for v in range(kernel.shape[1]):
            rows, columns = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
            out = x[:, u : u + rows, v : v + columns] @ kernel[u, v]
    return out


def returns_too_soon(x, kernel):
    for u in range(kernel.shape[0]):
        for v in range(kernel.shape[1]):
            rows, columns = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
            return x[:, u : u + rows, v : v + columns] @ kernel[u, v]


def returns_after_a_row(x, kernel):
    rows, columns = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
    return sum(x[:, :rows, v : v + columns] @ kernel[0, v] for v in range(kernel.shape[1]))


def keeps_the_channels(x, kernel):
    rows, columns = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
    return x[:, :rows, :columns, :, None] * kernel[0, 0]


def stands_still(x, kernel):
    out = 0
    for u, v in np.ndindex(kernel.shape[:2]):
        rows, columns = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
        out = out + x[:, :rows, :columns] @ kernel[u, v]
    return out


def changes_its_input(x, kernel):
    x *= 2
    return right(x, kernel) / 2


def without_channels(x, kernel):
    return right(x, kernel.transpose(0, 1, 3, 2)[..., :4, :].repeat(2, -1)[..., :6])


ANSWERS = {
    exercises.check_intensity: [
        (11.98, "right: "),
        (12, "right: "),
        (5.99, "multiplied and added"),
        (47.9, "4 bytes"),
        (291, "output must be written"),
        (12.5, "images must be read"),
        (12.1, "without padding"),
        (0.1198, "of one image"),
        (178, "the second layer"),
        (0, "bytes: images, weights and output"),
        (-12, "bytes: images, weights and output"),
        (float("nan"), "bytes: images, weights and output"),
        ("12", "expected a number"),
        ((92_160_000, 7_689_600), "expected a number"),
    ],
    exercises.check_convolution: [
        (ladder.compiled, "right: "),
        (ladder.numpy_einsum, "right: "),
        (lambda x, k: right(x, k[::-1, ::-1]), "flipped"),
        (forgets_to_add, "only the last cell of the window counted; add up, with +="),
        (returns_too_soon, "only the first cell"),
        (returns_after_a_row, "only the first row"),
        (keeps_the_channels, "`@` adds over them"),
        (lambda x, k: np.zeros((2, 12, 11, 6)), "hangs over the border"),
        (lambda x, k: np.zeros((2, 9, 6, 6)), "leaves one position out"),
        (stands_still, "the same pixels"),
        (changes_its_input, "changes the arrays"),
        (lambda x, k: right(x, k)[:, 1:], "give (2, 10, 7, 6), yours is (2, 9, 7, 6)"),
        (lambda x, k: 1.001 * right(x, k), "the values are not"),
        (without_channels, "the values are not"),
        (lambda x, k: "done", "an array of numbers is wanted"),
        (lambda x, k: x @ k, "your function raises ValueError"),
    ],
    exercises.check_register_block: [
        (None, 2, "not answered yet"),
        (4.0, np.int64(3), "right: "),
        (5, 3, "19 registers, and there are 16"),
        (float("inf"), 3, "at least one of each"),
        (6, 2, "0.67 loads, and there is one with 0.58"),
        (3, 4, "17 registers, and there are 16"),
        (0, 2, "at least one of each"),
        (-4, 3, "at least one of each"),
        (4.5, 3, "at least one of each"),
        ("4", 3, "at least one of each"),
    ],
    exercises.check_generic: [
        ("SIMD", "right: "),
        ("numpy_matmul", "numba does not compile NumPy"),
        ("python_loops", "are not compiled at all"),
        ("compiled", "has it vectors to lose"),
        ("threaded", "as many as before"),
        (ladder.simd, "expected 'compiled', "),
    ],
}
