"""The chapter's exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...support.answers import as_array, as_number, called, choice, is_verdict, number
from ...support.cases import case_rng
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right
from ...timing.convolution import error_share, operations, traffic

TOLERANCE = 0.008  # relative: answers may be rounded


def check_intensity(answer):
    """Say whether ``answer`` is a first layer's operations per byte: 100 images, as in MNIST.

    Images of 28 × 28 pixels, 32 filters of 5 × 5. None counts as not answered yet. Three digits
    are enough.

    >>> check_intensity(None)
    not answered yet
    """
    x, kernel = np.zeros((100, 28, 28, 1)), np.zeros((5, 5, 1, 32))
    work, moved = operations(x, kernel), traffic(x, kernel)
    output = 4 * 100 * 24 * 24 * 32  # bytes
    mistakes = {
        work / 2 / moved: "looks as if a product counted once; it is multiplied and added",
        work / (moved / 4): "looks like operations per value; a float32 value has 4 bytes",
        work / (moved - output): "the output must be written, too",
        work / output: "the images must be read, too",
        2 * 25 * 32 / (4 * (1 + 32)): "without padding, the output has fewer positions than the "
        "image has pixels",
        work / 100 / moved: "the operations of one image, and the bytes of 100",
        178: "that is the second layer, as in section 1",
    }
    praise = "far fewer than in the second layer, whose sums have 800 products, not 25"
    rule = "operations as in section 1; bytes: images, weights and output, once each"
    return number(answer, work / moved, praise, mistakes, rule, share=TOLERANCE)


def intensity():
    """A solution: 92,160,000 operations for 7,689,600 bytes.

    12.0 is close to where the sloping part meets the flat one: on some machines memory is its
    limit.
    """
    work = 2 * 100 * 24 * 24 * 32 * 5 * 5
    moved = 4 * (100 * 28 * 28 + 5 * 5 * 32 + 100 * 24 * 24 * 32)
    return work / moved


def check_register_block(columns, vectors, registers=16):
    """Say whether no register block that fits needs fewer loads per multiply-add.

    A block of ``columns`` × ``vectors`` sums, on a CPU with so many vector ``registers``. None
    counts as not answered yet.

    >>> check_register_block(None, None)
    not answered yet
    >>> check_register_block(8, 2)
    not yet: it takes 8 · 2 + 2 + 1 = 19 registers, and there are 16
    """
    if columns is None or vectors is None:
        return not_answered()
    columns, vectors = as_number(columns), as_number(vectors)
    if any(side is None or side % 1 != 0 or side < 1 for side in (columns, vectors)):
        return not_yet("a register block has whole columns and whole vectors, at least one of each")
    columns, vectors = int(columns), int(vectors)
    sizes = range(1, registers)
    fitting = [(c, v) for c in sizes for v in sizes if c * v + v + 1 <= registers]
    if (columns, vectors) not in fitting:
        needed = f"{columns} · {vectors} + {vectors} + 1 = {columns * vectors + vectors + 1}"
        return not_yet(f"it takes {needed} registers, and there are {registers}")
    least = min(_loads(*block) for block in fitting)
    if _loads(columns, vectors) > least:
        return not_yet(f"{_loads(columns, vectors):.2f} loads, and there is one with {least:.2f}")
    return right(
        f"{columns + vectors} loads for {columns * vectors} multiply-adds; but filters seldom come "
        f"in whole groups of {vectors} vectors, and tails cost"
    )


def _loads(columns, vectors):
    """Loads per multiply-add of a register block."""
    return (columns + vectors) / (columns * vectors)


def register_block():
    """A solution: 4 columns × 3 vectors.

    They need 12 + 3 + 1 registers, and 7 loads for 12 multiply-adds, 0.58 each. The course's 6 × 2
    needs 0.67.
    """
    return 4, 3


def check_convolution(function):
    """Say whether ``function(x, kernel)`` convolves as the rungs do; if not, what it looks like.

    It is tried on small arrays whose sizes all differ, so that no axis can pass for another. A
    function that returns None counts as not written yet.

    >>> check_convolution(lambda x, kernel: None)
    not answered yet
    """
    rng = case_rng(4)
    x = rng.standard_normal((2, 12, 11, 4), dtype=np.float32)
    kernel = rng.standard_normal((3, 5, 4, 6), dtype=np.float32)
    result = called(function, x, kernel)
    if is_verdict(result):
        return result
    out = as_array(result)
    if out is None:
        return not_yet("an array of numbers is wanted")
    if out.shape != RESULT:
        hint = _SHAPES.get(out.shape, "rows and columns are those at which the window fits")
        sizes = f"images {x.shape} and kernel {kernel.shape} give {RESULT}"
        return not_yet(f"{sizes}, yours is {out.shape}: {hint}")
    if error_share(out, x, kernel) <= 1:
        return right("no error that rounding does not explain")
    for wrong, hint in _MISTAKES.items():
        if np.allclose(out, wrong(x, kernel), rtol=1e-3, atol=1e-4):
            return not_yet(hint)
    return not_yet("the shape is right, the values are not; do u and v run over all cells?")


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


def check_generic(rung):
    """Say whether ``rung`` is the one that loses most without the newer instructions.

    None counts as not answered yet.

    >>> check_generic("numpy_matmul")
    not yet: numba does not compile NumPy, whose libraries look at the CPU themselves
    """
    numpys = "numba does not compile NumPy, whose libraries look at the CPU themselves"
    python = "Python's loops are not compiled at all"
    mistakes = {
        "python_loops": python,
        "python_lists": python,
        "numpy_einsum": numpys,
        "numpy_matmul": numpys,
        "compiled": "it adds one product after the other: has it vectors to lose?",
        "reordered": "the compiler may make vectors of it; which rung is written in vectors?",
        "unrolled": "the compiler may make vectors of it; which rung is written in vectors?",
        "threaded": "its cores are as many as before; which rung is written in vectors?",
    }
    praise = "its vectors are half as wide, and each multiply-add takes two instructions"
    return choice(rung, "simd", praise, mistakes)


def generic():
    """A solution: `simd`.

    On an x86 CPU with AVX2, `VECTOR_WIDTH` falls from 8 to 4 and FMA is gone, so the peak falls to
    about a quarter, and `simd` with it. `compiled` hardly changes, because it never used vectors;
    NumPy's rungs do not, as numba does not compile them.
    """
    return "simd"


EXERCISES = (
    Exercise(1, "The first layer's intensity", check_intensity, intensity),
    Exercise(2, "A convolution that copies nothing", check_convolution, cell_by_cell),
    Exercise(3, "The best register block", check_register_block, register_block),
    Exercise(4, "An old CPU", check_generic, generic),
)
