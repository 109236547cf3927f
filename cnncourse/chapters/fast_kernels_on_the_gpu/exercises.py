"""The exercises: their checks, which say what is wrong, and solutions to read."""

from numbers import Real

import numpy as np

from ...kernels.cuda.compiler import cuda, jit
from ...kernels.cuda.launching import blocks
from .interleaving import steps

ZERO, ONE = np.float32(0), np.float32(1)
COUNT, THREADS = 1000, 128  # of the first exercise


def check_grid(grid, idle):
    """Say whether ``grid`` blocks of 128 threads are right for 1000 elements, and ``idle`` too.

    Prints one line; None counts as not answered yet.

    >>> check_grid(None, None)
    not answered yet
    """
    right = blocks(COUNT, THREADS)
    if grid is None or idle is None:
        print("not answered yet")
    elif not (_number(grid) and _number(idle)):
        print("not yet: two whole numbers, the blocks and the idle threads")
    elif grid % 1 != 0:
        print("not yet: blocks come in whole numbers, so round up")
    elif grid * THREADS < COUNT:
        print(f"not yet: {grid} blocks have {grid * THREADS} threads, and {COUNT} are needed")
    elif grid != right:
        print(f"not yet: it would do, but {grid - right} of the blocks would have nothing to do")
    elif idle != right * THREADS - COUNT:
        print(f"not yet: all blocks have {right * THREADS} threads; how many are too many?")
    else:
        print("right: and without the guard, the idle ones would write where nothing is theirs")


def check_clip(kernel):
    """Say whether ``kernel(x, out)`` writes ``x``, but no less than 0 and no more than 1.

    It is launched on fewer elements than threads. Prints one line; None counts as not written yet.

    >>> check_clip(None)
    not answered yet
    """
    if kernel is None:
        print("not answered yet")
        return
    x = np.array([-2, -0.5, 0, 0.25, 0.5, 1, 1.5, 3, 0.75, 0.125, -1], np.float32)
    room = np.full(32, 7, np.float32)  # more than there is to write: what lies behind must stay
    source, target = cuda.to_device(x), cuda.to_device(room)
    try:
        kernel[2, 8](source, target[: x.size])
    except IndexError:
        print("not yet: a thread without an element went on; there are 16 threads for 11 elements")
        return
    out = target.copy_to_host()
    mine, behind = out[: x.size], out[x.size :]
    if not np.all(behind == 7):
        print("not yet: it writes past the end of its array; there are 16 threads for 11 elements")
    elif np.all(mine == 7):
        print("not answered yet")
    elif np.array_equal(mine, np.clip(x, 0, 1)):
        print(_whose_elements(kernel, source, room, x.size))
    elif np.all(mine[8:] == 7):
        print("not yet: only the first block writes; a thread's element is cuda.grid(1)")
    else:
        wrong = int(np.flatnonzero(mine != np.clip(x, 0, 1))[0])
        hints = [hint for other, hint in _OTHER_CLIPS if np.array_equal(mine, other(x))]
        print(": ".join([f"not yet: {x[wrong]:g} became {mine[wrong]:g}", *hints]))


_OTHER_CLIPS = (
    (lambda x: np.maximum(x, 0), "nothing above 1, either"),
    (lambda x: np.minimum(x, 1), "nothing below 0, either"),
    (lambda x: np.clip(x, -1, 1), "the lower end is 0"),
    (np.zeros_like, "min and max look swapped"),
    (np.ones_like, "min and max look swapped"),
)


def _whose_elements(kernel, source, room, size):
    """The verdict on a kernel that clips: a single thread must write its own element only."""
    target = cuda.to_device(room)
    kernel[1, 1](source, target[:size])
    written = np.count_nonzero(target.copy_to_host() != 7)
    if written > 1:
        return (
            f"not yet: one thread alone wrote {written} elements; each is to write its own. "
            "That all write the same is a race, which happens to agree"
        )
    return "right: each thread its own element"


@jit
def clip(x, out):
    """A solution."""
    k = cuda.grid(1)
    if k < x.size:
        out[k] = min(max(x[k], ZERO), ONE)


def check_loads(answer):
    """Say whether ``answer`` is the loads from memory per multiply-add, for tiles of 64 × 32.

    Prints one line; None counts as not answered yet.

    >>> check_loads(3 / 64)
    right: 1/64 + 1/32; each weight serves 64 positions, each pixel 32 filters
    """
    wrong = (
        (2 / (64 * 32), "a value serves the threads of its row or of its column, not all"),
        (64 + 32, "these are the loads of one step of the sum; how many multiply-adds is it?"),
        (1 / 32, "these are the pixels alone; weights are read, too"),
        (1 / 64, "these are the weights alone; pixels are read, too"),
        (64 / 3, "that is upside down: multiply-adds per load"),
        (2, "that is the naive kernel"),
    )
    if answer is None:
        print("not answered yet")
    elif not _number(answer):
        print("not yet: one number, loads divided by multiply-adds")
    elif np.isclose(answer, 1 / 64 + 1 / 32, rtol=0.01):
        print("right: 1/64 + 1/32; each weight serves 64 positions, each pixel 32 filters")
    else:
        hints = [hint for value, hint in wrong if np.isclose(answer, value, rtol=0.01)]
        rule = "for one step of the sum, count the loads of the block, and its products"
        print(f"not yet: {hints[0] if hints else rule}")


def check_lost(order, left):
    """Say whether ``order`` has the first of three threads to read write last, and what is left.

    ``order``: as `interleaving.steps` takes it; ``left``: the value in memory at the end. Prints
    one line; None counts as not answered yet.

    >>> check_lost([0, 0, 1, 1, 2, 2], 3)
    not yet: here thread 0 reads first, and thread 2 writes last
    """
    if order is None or left is None:
        print("not answered yet")
        return
    try:
        trace = steps(order)
    except (TypeError, ValueError):
        trace = []
    if {step.thread for step in trace} != {0, 1, 2}:
        print("not yet: a list of turns, two for each of the threads 0, 1 and 2")
    elif order[0] != order[-1]:
        print(f"not yet: here thread {order[0]} reads first, and thread {order[-1]} writes last")
    elif left != trace[-1].number:
        print("not yet: the order is right; the last one writes what it read at first, plus 1")
    else:
        print("right: whatever the others do, one addition of three survives")


def check_agreement(function):
    """Say whether ``function(a, b, size, n)`` judges rightly if two results agree.

    ``a``, ``b``: results; ``size``: Σ |products| of each; ``n``: products in a sum. It is asked
    about results that rounding explains, and about some that it does not. Prints one line; None
    counts as not answered yet.

    >>> check_agreement(lambda a, b, size, n: np.allclose(a, b, rtol=0, atol=1e-6))
    not yet: it refuses large sums, which may differ more
    """
    step = 2.0**-24
    cases = (
        (1.0, 1.0, 1.0, 1, True, "it refuses results that are the same"),
        (1e4, 1e4 + 0.02, 1e4, 100, True, "it refuses large sums, which may differ more"),
        (0.0, 0.001, 1e3, 100, True, "it refuses a sum of large products that cancel"),
        (1e-6, 1.1e-6, 1e-6, 100, False, "it accepts small results that differ by a tenth"),
        (1.0, 1 + 30 * step, 1.0, 10, False, "it accepts more than rounding both sums explains"),
        (1.0, 1 + 15 * step, 1.0, 10, True, "one result may be too large, the other too small"),
        (1.0, float("nan"), 1.0, 10, False, "it accepts NaN"),
    )  # fmt: skip
    for a, b, size, n, right, hint in cases:
        # beside a value on which all agree
        found = function(np.array([a, 1]), np.array([b, 1]), np.array([size, 1]), n)
        if found is None:
            print("not answered yet")
            return
        if np.shape(found):
            print("not yet: one verdict for the whole arrays: np.all")
            return
        if bool(found) != right:
            print(f"not yet: {hint}")
            return
    print("right: each result is off by at most γ(n) · Σ |products|")


def agree(a, b, size, n):
    """A solution: whether all values lie within what rounding explains.

    >>> check_agreement(agree)
    right: each result is off by at most γ(n) · Σ |products|
    """
    gamma = n * 2.0**-24 / (1 - n * 2.0**-24)
    return np.all(abs(a - b) <= 2 * gamma * size)


def _number(value):
    return isinstance(value, Real) and not isinstance(value, bool)
