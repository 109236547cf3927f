"""The chapter's exercises: their checks, which say what is wrong, and a solution to read."""

from numbers import Integral, Real

import numpy as np

from ...timing.convolution import error_share, operations, traffic

TOLERANCE = 0.04  # relative: answers may be rounded


def check_intensity(answer):
    """Say whether ``answer`` is a first layer's operations per byte: 100 images, as in MNIST.

    Images of 28 × 28 pixels, 32 filters of 5 × 5.

    Prints one line; None counts as not answered yet. A few percent more or less are forgiven.

    >>> check_intensity(None)
    not answered yet
    """
    if answer is None:
        print("not answered yet")
        return
    if isinstance(answer, bool) or not isinstance(answer, Real):
        print("not yet: one number, operations divided by bytes")
        return
    x, kernel = np.zeros((100, 28, 28, 1)), np.zeros((5, 5, 1, 32))
    work, moved = operations(x, kernel), traffic(x, kernel)
    output = 4 * 100 * 24 * 24 * 32  # bytes
    wrong = {
        work / 2 / moved: "looks as if a product counted once; it is multiplied and added",
        work / (moved / 4): "looks like operations per value; a float32 value has 4 bytes",
        work / (moved - output): "the output must be written, too",
        work / output: "the images must be read, too",
        work / 100 / moved: "the operations of one image, and the bytes of 100",
        178: "that is the second layer, as in section 1",
    }
    if abs(answer / (work / moved) - 1) < TOLERANCE:
        print("right: far fewer than in the second layer, whose sums have 800 products, not 25")
        return
    hints = [hint for value, hint in wrong.items() if abs(answer / value - 1) < TOLERANCE]
    rule = "operations as in section 1; bytes: images, weights and output, once each"
    print(f"not yet: {hints[0] if hints else rule}")


def check_register_block(columns, vectors, registers=16):
    """Say whether no register block that fits needs fewer loads per multiply-add.

    A block of ``columns`` × ``vectors`` sums, on a CPU with so many vector ``registers``.

    Prints one line; None counts as not answered yet.

    >>> check_register_block(None, None)
    not answered yet
    >>> check_register_block(8, 2)
    not yet: it takes 8 · 2 + 2 + 1 = 19 registers, and there are 16
    """
    if columns is None or vectors is None:
        print("not answered yet")
        return
    if not all(isinstance(side, Integral) and side > 0 for side in (columns, vectors)):
        print("not yet: a register block has whole columns and whole vectors, at least one of each")
        return
    sizes = range(1, registers)
    fitting = [(c, v) for c in sizes for v in sizes if c * v + v + 1 <= registers]
    if (columns, vectors) not in fitting:
        needed = f"{columns} · {vectors} + {vectors} + 1 = {columns * vectors + vectors + 1}"
        print(f"not yet: it takes {needed} registers, and there are {registers}")
        return
    least = min(_loads(*block) for block in fitting)
    if _loads(columns, vectors) > least:
        print(f"not yet: {_loads(columns, vectors):.2f} loads, and there is one with {least:.2f}")
    else:
        print(f"right: {columns + vectors} loads for {columns * vectors} multiply-adds")
        print(f"(but filters seldom come in whole groups of {vectors} vectors, and tails cost)")


def _loads(columns, vectors):
    """Loads per multiply-add of a register block."""
    return (columns + vectors) / (columns * vectors)


def check_convolution(function):
    """Say whether ``function(x, kernel)`` convolves as the rungs do; if not, what it looks like.

    It is tried on small arrays whose sizes all differ, so that no axis can pass for another.
    Prints one line; a function that returns None counts as not written yet.

    >>> check_convolution(lambda x, kernel: None)
    not answered yet
    """
    rng = np.random.default_rng(4)
    x = rng.standard_normal((2, 12, 11, 4), dtype=np.float32)
    kernel = rng.standard_normal((3, 5, 4, 6), dtype=np.float32)
    before = x.copy(), kernel.copy()
    out = function(x, kernel)
    if out is None:
        print("not answered yet")
    elif not (np.array_equal(x, before[0]) and np.array_equal(kernel, before[1])):
        print("not yet: it changes the arrays it is given")
    elif np.shape(out) != RESULT:
        hint = _SHAPES.get(np.shape(out), "rows and columns are those at which the window fits")
        print(f"not yet: images {x.shape} and kernel {kernel.shape} give {RESULT}, "
              f"yours is {np.shape(out)}: {hint}")  # fmt: skip
    elif error_share(out, x, kernel) <= 1:
        print("right: no error that rounding does not explain")
    else:
        for wrong, hint in _MISTAKES.items():
            if np.allclose(out, wrong(x, kernel), rtol=1e-3, atol=1e-4):
                print(f"not yet: {hint}")
                return
        print("not yet: the shape is right, the values are not; do u and v run over all cells?")


def cell_by_cell(x, kernel):
    """A solution: for each cell (u, v) of the window, one matrix product, and nothing is copied.

    Arguments and result are those of a rung.

    >>> check_convolution(cell_by_cell)
    right: no error that rounding does not explain
    """
    window_height, window_width, _, filters = kernel.shape
    rows, columns = x.shape[1] - window_height + 1, x.shape[2] - window_width + 1
    out = np.zeros((len(x), rows, columns, filters), np.float32)
    for u in range(window_height):
        for v in range(window_width):
            out += x[:, u : u + rows, v : v + columns] @ kernel[u, v]
    return out


def _flipped(x, kernel):
    return cell_by_cell(x, kernel[::-1, ::-1])


def _last_cell_only(x, kernel):
    height, width, _, _ = kernel.shape
    return cell_by_cell(x[:, height - 1 :, width - 1 :], kernel[-1:, -1:])


def _first_cell_only(x, kernel):
    height, width, _, _ = kernel.shape
    return cell_by_cell(x[:, : 1 - height, : 1 - width], kernel[:1, :1])


def _first_row_only(x, kernel):
    return cell_by_cell(x[:, : 1 - len(kernel)], kernel[:1])


def _standing_still(x, kernel):
    height, width, _, _ = kernel.shape
    still = x[:, : 1 - height, : 1 - width]
    return cell_by_cell(still, kernel.sum(axis=(0, 1), keepdims=True))


RESULT = (2, 10, 7, 6)  # the shape for the arrays of `check_convolution`
_SHAPES = {
    (2, 12, 11, 6): "a window that hangs over the border has no value here",
    (2, 10, 7, 4): "the last axis is the filters; `@ kernel[u, v]` brings it",
    (2, 10, 7, 4, 6): "the channels are still there; `@` adds over them",
    (2, 9, 6, 6): "a 12 less a 3 leaves one position out: height − 3 + 1",
}
_MISTAKES = {
    _flipped: "looks as if the kernel were flipped; CNNs read it forwards",
    _last_cell_only: "looks as if only the last cell of the window counted; add up, with +=",
    _first_cell_only: "looks as if only the first cell counted; return after both loops",
    _first_row_only: "looks as if only the first row counted; return after both loops",
    _standing_still: "looks as if every cell saw the same pixels; they move with u and v",
}
