"""Chapter 01's exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...building import Piece
from ...filters import conv1d, conv2d, correlate1d, correlate2d
from ...support.answers import as_array, choice, number
from ...support.arguments import described
from ...support.cases import case_rng
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right

SIGNAL, KERNEL = (1, 2, 4), (3, 0, -1)  # of the exercise by hand
MIDDLE = 10  # of the image with one bright point that `check_shift` moves
WANTED = 2  # pixels to the right


def check_by_hand(answer):
    """Say whether ``answer`` is the full convolution of (1, 2, 4) with (3, 0, −1).

    None counts as not answered yet.

    >>> check_by_hand(None)
    not answered yet
    >>> check_by_hand([-1, -2, -1, 6, 12])
    not yet: looks as if the kernel were not flipped; that is the cross-correlation
    """
    if answer is None:
        return not_answered()
    values, full = as_array(answer), conv1d(SIGNAL, KERNEL, "full")
    if values is None:
        return not_yet(f"expected a list of numbers, got {described(answer)}")
    if np.array_equal(values, full):
        return right("three copies of the kernel, shifted and added")
    if np.array_equal(values, correlate1d(SIGNAL, KERNEL, "full")):
        return not_yet("looks as if the kernel were not flipped; that is the cross-correlation")
    if np.array_equal(values, conv1d(SIGNAL, KERNEL, "same")):
        return not_yet('these are the positions of "same"; the full convolution has more')
    if values.shape != full.shape:
        return not_yet(f"3 + 3 − 1 = {len(full)} values, yours has shape {values.shape}")
    wrong = int(np.argmax(values != full))
    return not_yet(f"the value at position {wrong} is not {values[wrong]:g}")


def by_hand():
    """A solution: (3, 0, −1, 0, 0) + (0, 6, 0, −2, 0) + (0, 0, 12, 0, −4)."""
    return [3, 6, 11, -2, -4]


def check_three_dice(answer):
    """Say whether ``answer`` is the probability that three dice show 10 together.

    None counts as not answered yet.

    >>> check_three_dice(None)
    not answered yet
    >>> check_three_dice(27)
    not yet: 27 of 216 ways is the count; a probability lies between 0 and 1
    """
    mistakes = {
        27: "27 of 216 ways is the count; a probability lies between 0 and 1",
        3 / 36: "that is the probability of two dice; convolve once more",
        21 / 216: "where a list begins with the 1, the sums of three begin with 3, not with 0",
        27 / 36: "three dice can fall in 6 · 6 · 6 ways",
        1 / 16: "not all sums are alike: 10 comes in more ways than 3",
    }
    rule = "convolve the ways of two dice with those of a third"
    return number(answer, 27 / 216, "27 of 216 ways", mistakes, rule, within=0.0006)


def three_dice():
    """A solution: convolve the ways of two dice with the third's, and divide by those of all.

    That is 27 / 216 = 0.125.
    """
    die = np.array([0, 1, 1, 1, 1, 1, 1])
    ways = np.convolve(np.convolve(die, die), die)  # of 0, 1, 2, … 18
    return ways[10] / 6**3


def check_conv2d(function):
    """Say whether ``function(image, kernel)`` is the convolution, "valid"; if not, what it does.

    It is tried on small arrays whose sides all differ, so that rows cannot pass for columns. A
    function that returns None counts as not written yet.

    >>> check_conv2d(lambda image, kernel: None)
    not answered yet
    >>> check_conv2d(correlate2d)
    not yet: looks as if the kernel were not flipped; that is the cross-correlation
    """
    return _CONV2D.check(function)


def sum_under_the_window(image, kernel):
    """A solution: at each position, what the window sees times the flipped kernel, added up.

    ``image``: (height, width), ``kernel``: (cells down, cells across); the result is
    (height − cells down + 1, width − cells across + 1).

    >>> check_conv2d(sum_under_the_window)
    right: SciPy would not have said it differently
    """
    height, width = kernel.shape
    flipped = kernel[::-1, ::-1]
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = (image[i : i + height, j : j + width] * flipped).sum()
    return out


_rng = case_rng(1)
_CONV2D = Piece(
    solution=sum_under_the_window,
    steps={
        "": [
            (_rng.integers(0, 10, (7, 6)), _rng.integers(-3, 4, (3, 2))),
            (_rng.integers(0, 10, (5, 8)), _rng.integers(-3, 4, (2, 4))),
        ]
    },
    outputs=("an array with a value for each position",),
    mistakes=(
        (correlate2d, "looks as if the kernel were not flipped; that is the cross-correlation"),
        (
            lambda image, kernel: conv2d(image, kernel[:, ::-1]),
            "only the rows are flipped; flip both",
        ),
        (
            lambda image, kernel: conv2d(image, kernel[::-1]),
            "only the columns are flipped; flip both",
        ),
        (
            lambda image, kernel: conv2d(image, kernel, "same"),
            'these are the positions of "same"; in "valid" the whole kernel lies on the image',
        ),
        (
            lambda image, kernel: conv2d(image, kernel, "full"),
            'these are the positions of "full"; in "valid" the whole kernel lies on the image',
        ),
        (
            lambda image, kernel: conv2d(image, kernel)[:-1, :-1],
            "one position is missing along each side: height − cells down + 1",
        ),
        (
            lambda image, kernel: conv2d(image, kernel) / kernel.size,
            "add the products up; their mean is not wanted",
        ),
    ),
    praise="SciPy would not have said it differently",
)


def check_shift(kernel):
    """Say whether ``kernel``, read as a CNN reads it, moves an image two pixels to the right.

    None counts as not answered yet.

    >>> check_shift(None)
    not answered yet
    >>> check_shift([[0, 0, 0, 0, 1]])
    not yet: it moves the image 2 pixels to the left; the window must look where it came from
    """
    if kernel is None:
        return not_answered()
    kernel, given = as_array(kernel), kernel
    if kernel is None:
        return not_yet(f"expected an array of numbers, got {described(given)}")
    if kernel.ndim != 2 or not all(side % 2 for side in kernel.shape):
        return not_yet(f"take an array of two axes with odd sides, yours has shape {kernel.shape}")
    point = np.zeros((2 * MIDDLE + 1, 2 * MIDDLE + 1))
    point[MIDDLE, MIDDLE] = 1
    points = np.argwhere(correlate2d(point, kernel, "same"))
    if len(points) != 1:
        return not_yet(f"it makes {len(points)} points out of one; one cell must do it all")
    down, rightwards = (int(k) - MIDDLE for k in points[0])
    weight = kernel.sum()
    if (down, rightwards) != (0, WANTED):
        moved = _moved(down, rightwards)
        return not_yet(f"it {moved}; the window must look where it came from")
    if weight != 1:
        return not_yet(f"the position is right, but each pixel is multiplied by {weight:g}")
    return right("the window looks two pixels to the left, so what it finds moves right")


def shift_right():
    """A solution: the only 1 stands two cells left of the middle."""
    return [[1, 0, 0, 0, 0]]


def check_diagonal(kernel):
    """Say whether ``kernel``, 3×3, responds to edges along the falling diagonal, and only to them.

    Flat images must give 0, an image that is brighter in its upper right half must give positive
    values along the edge, the opposite one negative values; along an edge of the *rising*
    diagonal the middle must give 0. None counts as not answered yet.

    >>> check_diagonal(None)
    not answered yet
    >>> check_diagonal([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    not yet: an edge along the rising diagonal must give 0
    """
    if kernel is None:
        return not_answered()
    kernel, given = as_array(kernel), kernel
    if kernel is None:
        return not_yet(f"expected an array of numbers, got {described(given)}")
    if kernel.shape != (3, 3):
        return not_yet(f"take an array of shape (3, 3), yours has {kernel.shape}")
    half = np.sign(np.arange(3) - np.arange(3)[:, None])  # −1 below the diagonal, 1 above it
    falling, rising = (kernel * half).sum(), (kernel * half[::-1]).sum()
    if not np.isclose(kernel.sum(), 0):
        return not_yet(
            f"a flat, bright image gives {kernel.sum():g} at each position; it must be 0"
        )
    if not np.isclose(rising, 0):
        return not_yet("an edge along the rising diagonal must give 0")
    if falling < 0:
        return not_yet("the sign is wrong; it should be positive above the diagonal")
    if falling == 0:
        return not_yet("it does not respond to the falling diagonal at all")
    return right("positive where it gets brighter towards the upper right")


def diagonal():
    """A solution: below the falling diagonal −1, above it 1."""
    return [[0, 1, 1], [-1, 0, 1], [-1, -1, 0]]


def check_same_mode(answer):
    """Say in which mode a 3×3 blur in a 5×5 frame of zeros gives the same array as without it.

    None counts as not answered yet.

    >>> check_same_mode("valid")
    not yet: in "valid" the larger kernel fits at fewer positions, so its array is smaller
    """
    mistakes = {
        "valid": 'in "valid" the larger kernel fits at fewer positions, so its array is smaller',
        "full": 'in "full" the larger kernel touches the image at more positions, so its array is '
        "larger",
    }
    praise = "zeros add nothing, and the number of positions is that of the pixels"
    return choice(answer, "same", praise, mistakes)


def same_mode():
    """A solution: "same".

    In "valid" the larger kernel fits at fewer positions, and in "full" it touches the image at
    more.
    """
    return "same"


def check_stripes(answer):
    """Say whether ``answer`` is the kernel that leaves stripes: "box" or "gaussian".

    None counts as not answered yet.

    >>> check_stripes("gaussian")
    not yet: blur a single bright pixel with each: which of the two pictures has edges?
    """
    hint = "blur a single bright pixel with each: which of the two pictures has edges?"
    praise = "it begins and ends abruptly, and so does what it makes of each bright pixel"
    return choice(answer, "box", praise, {"gaussian": hint})


def stripes():
    """A solution: the box.

    Blur a single bright pixel: the result, the *point spread function*, is the kernel itself, and a
    box has edges and corners.
    """
    return "box"


def _moved(down, right):
    """How far a point has moved, in words."""
    parts = []
    for distance, ways in ((down, ("up", "down")), (right, ("to the left", "to the right"))):
        if distance:
            unit = "pixel" if abs(distance) == 1 else "pixels"
            parts.append(f"{abs(distance)} {unit} {ways[distance > 0]}")
    return f"moves the image {' and '.join(parts)}" if parts else "leaves the image where it is"


EXERCISES = (
    Exercise(1, "By hand", check_by_hand, by_hand),
    Exercise(2, "Three dice", check_three_dice, three_dice),
    Exercise(3, "Write the convolution", check_conv2d, sum_under_the_window),
    Exercise(4, "Move an image", check_shift, shift_right),
    Exercise(5, "Edges along a diagonal", check_diagonal, diagonal),
    Exercise(6, "Zeros around a kernel", check_same_mode, same_mode),
    Exercise(7, "Which blur leaves stripes?", check_stripes, stripes),
)
