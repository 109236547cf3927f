"""The exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...kernels.cuda.compiler import cuda, jit
from ...kernels.cuda.launching import blocks

ZERO, ONE = np.float32(0), np.float32(1)
COUNT, THREADS = 1000, 128  # of the first exercise


def check_grid(grid, idle):
    """Say whether ``grid`` blocks of 128 threads are right for 1000 numbers, and ``idle`` too.

    Prints one line; None counts as not answered yet.

    >>> check_grid(None, None)
    not answered yet
    """
    right = blocks(COUNT, THREADS)
    if grid is None or idle is None:
        print("not answered yet")
    elif grid * THREADS < COUNT:
        print(f"not yet: {grid} blocks have {grid * THREADS} threads, and {COUNT} are needed")
    elif grid != right:
        print(f"not yet: it would do, but the last {grid - right} blocks have nothing to do")
    elif idle != right * THREADS - COUNT:
        print(f"not yet: all blocks have {right * THREADS} threads; how many are too many?")
    else:
        print("right: and without the guard, the idle ones would write where nothing is theirs")


def check_clip(kernel):
    """Say whether ``kernel(x, out)`` writes ``x``, but no less than 0 and no more than 1.

    It is launched on fewer numbers than threads. Prints one line; None counts as not written yet.

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
        print("not yet: a thread without a number went on; there are 16 threads for 11 numbers")
        return
    out = target.copy_to_host()
    mine, behind = out[: x.size], out[x.size :]
    if not np.all(behind == 7):
        print("not yet: it writes behind its array; there are 16 threads for 11 numbers")
    elif np.all(mine == 7):
        print("not answered yet")
    elif np.array_equal(mine, np.clip(x, 0, 1)):
        print("right")
    elif np.all(mine[8:] == 7):
        print("not yet: only the first block writes; a thread's number is cuda.grid(1)")
    else:
        wrong = int(np.flatnonzero(mine != np.clip(x, 0, 1))[0])
        print(f"not yet: {x[wrong]:g} became {mine[wrong]:g}")


@jit
def clip(x, out):
    """A solution."""
    k = cuda.grid(1)
    if k < x.size:
        out[k] = min(max(x[k], ZERO), ONE)


def check_loads(answer):
    """Say whether ``answer`` is the loads from memory a multiply-add, for tiles of 64 × 32.

    Prints one line; None counts as not answered yet.

    >>> check_loads(3 / 64)
    right: 1/64 + 1/32; each weight serves 64 positions, each pixel 32 filters
    """
    right = 1 / 64 + 1 / 32
    if answer is None:
        print("not answered yet")
    elif np.isclose(answer, right, rtol=0.01):
        print("right: 1/64 + 1/32; each weight serves 64 positions, each pixel 32 filters")
    elif np.isclose(answer, 2 / (64 * 32), rtol=0.01):
        print("not yet: a number serves the threads of its row or of its column, not all")
    elif np.isclose(answer, 64 + 32, rtol=0.01):
        print("not yet: these are the loads of one step of the sum; how many multiply-adds is it?")
    else:
        print("not yet: for one step of the sum, count the loads of the block, and its products")


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
        found = function(np.array([a]), np.array([b]), np.array([size]), n)
        if found is None:
            print("not answered yet")
            return
        if bool(found) != right:
            print(f"not yet: {hint}")
            return
    print("right: each result is off by at most γ(n) · Σ |products|")


def agree(a, b, size, n):
    """A solution: whether all numbers lie within what rounding explains.

    >>> check_agreement(agree)
    right: each result is off by at most γ(n) · Σ |products|
    """
    gamma = n * 2.0**-24 / (1 - n * 2.0**-24)
    return np.all(abs(a - b) <= 2 * gamma * size)
