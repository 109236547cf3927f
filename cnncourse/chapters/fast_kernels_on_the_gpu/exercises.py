"""The exercises: their checks, which say what is wrong, and solutions to read."""

import numpy as np

from ...kernels.cuda.compiler import cuda, jit
from ...kernels.cuda.launching import blocks
from ...support.answers import as_array, as_number, called, choice, is_verdict, number, raised
from ...support.arguments import described
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right
from .interleaving import steps

ZERO, ONE = np.float32(0), np.float32(1)
COUNT, THREADS = 1000, 128  # of the first exercise


def check_grid(grid, idle):
    """Say whether ``grid`` blocks of 128 threads are right for 1000 elements, and ``idle`` too.

    None counts as not answered yet.

    >>> check_grid(None, None)
    not answered yet
    """
    wanted = blocks(COUNT, THREADS)
    if grid is None or idle is None:
        return not_answered()
    grid, idle = as_number(grid), as_number(idle)
    if grid is None or idle is None:
        return not_yet("two whole numbers, the blocks and the idle threads")
    if grid % 1 != 0:
        return not_yet("blocks come in whole numbers, so round up")
    grid = int(grid)
    if grid * THREADS < COUNT:
        return not_yet(f"{grid} blocks have {grid * THREADS} threads, and {COUNT} are needed")
    if grid != wanted:
        return not_yet("it would do, but not every block would have something to do")
    if idle != wanted * THREADS - COUNT:
        return not_yet(f"all blocks have {wanted * THREADS} threads; how many are too many?")
    return right("and without the guard, the idle ones would write where nothing is theirs")


def grid_and_idle():
    """A solution: 1,000 / 128, rounded up, are 8 blocks. 8 · 128 − 1,000 threads are idle."""
    return 8, 8 * 128 - 1_000


def check_clip(kernel):
    """Say whether ``kernel(x, out)`` writes ``x``, but no less than 0 and no more than 1.

    It is launched on fewer elements than threads. None, and a kernel that writes nothing, count as
    not written yet.

    >>> check_clip(None)
    not answered yet
    """
    if kernel is None:
        return not_answered()
    if not hasattr(type(kernel), "__getitem__"):
        return not_yet(f"a kernel is wanted, with @cuda.jit above it, got {described(kernel)}")
    x = np.array([-2, -0.5, 0, 0.25, 0.5, 1, 1.5, 3, 0.75, 0.125, -1], np.float32)
    room = np.full(32, 7, np.float32)  # more than there is to write: what lies behind must stay
    source, target = cuda.to_device(x), cuda.to_device(room)
    try:
        kernel[2, 8](source, target[: x.size])
    except IndexError:
        return not_yet("a thread without an element went on; there are 16 threads for 11 elements")
    except Exception as error:  # whatever a beginner's kernel raises
        return not_yet(f"your kernel raises {raised(error)}")
    out = target.copy_to_host()
    mine, behind = out[: x.size], out[x.size :]
    if not np.all(behind == 7):
        return not_yet("it writes past the end of its array; there are 16 threads for 11 elements")
    if np.all(mine == 7):
        if not np.array_equal(source.copy_to_host(), x):
            return not_yet("it changes x, and writes nothing into out")
        return not_answered()
    if np.array_equal(mine, np.clip(x, 0, 1)):
        return _whose_elements(kernel, source, room, x.size)
    if np.all(mine[8:] == 7):
        return not_yet("only the first block writes; a thread's element is cuda.grid(1)")
    if np.any(mine == 7):
        return not_yet(
            f"where x is {x[np.argmax(mine == 7)]:g}, nothing is written: each thread writes its "
            "element, whatever it is"
        )
    wrong = int(np.flatnonzero(mine != np.clip(x, 0, 1))[0])
    hints = [hint for other, hint in _OTHER_CLIPS if np.array_equal(mine, other(x))]
    return not_yet(": ".join([f"{x[wrong]:g} became {mine[wrong]:g}", *hints]))


_OTHER_CLIPS = (
    (lambda x: np.maximum(x, 0), "nothing above 1, either"),
    (lambda x: np.minimum(x, 1), "nothing below 0, either"),
    (lambda x: np.clip(x, -1, 1), "the lower end is 0"),
    (np.copy, "nothing is clipped yet"),
    (lambda x: np.clip(abs(x), 0, 1), "the sign counts: what is below 0 becomes 0"),
    (lambda x: (x > 0) * ONE, "what lies between the two ends stays as it is"),
    (np.zeros_like, "min and max look swapped"),
    (np.ones_like, "min and max look swapped"),
)


def _whose_elements(kernel, source, room, size):
    """The verdict on a kernel that clips: a single thread must write its own element only."""
    target = cuda.to_device(room)
    kernel[1, 1](source, target[:size])
    written = np.count_nonzero(target.copy_to_host() != 7)
    if written > 1:
        return not_yet(
            f"one thread alone wrote {written} elements; each is to write its own. That all write "
            "the same is a race, which happens to agree"
        )
    return right("each thread its own element")


@jit
def clip(x, out):
    """A solution: the guard first, then min and max."""
    k = cuda.grid(1)
    if k < x.size:
        out[k] = min(max(x[k], ZERO), ONE)


def check_loads(answer):
    """Say whether ``answer`` is the loads from memory per multiply-add, for tiles of 64 × 32.

    None counts as not answered yet.

    >>> check_loads(3 / 64)
    right: 1/64 + 1/32; each weight serves 64 positions, each pixel 32 filters
    """
    mistakes = {
        2 / (64 * 32): "a value serves the threads of its row or of its column, not all",
        64 + 32: "these are the loads of one step of the sum; how many multiply-adds is it?",
        1 / 32: "these are the pixels alone; weights are read, too",
        1 / 64: "these are the weights alone; pixels are read, too",
        3 / 128: "that is per operation, and a multiply-add is two of them",
        4 * 3 / 64: "these are bytes; how many values are read?",
        64 / 3: "that is upside down: multiply-adds per load",
        2: "that is the naive kernel",
    }
    praise = "1/64 + 1/32; each weight serves 64 positions, each pixel 32 filters"
    rule = "for one step of the sum, count the loads of the block, and its products"
    return number(answer, 1 / 64 + 1 / 32, praise, mistakes, rule, share=0.01)


def loads():
    """A solution: 96 values for 64 · 32 multiply-adds, 3/64 or about 0.047."""
    return (64 + 32) / (64 * 32)


def check_agreement(function):
    """Say whether ``function(a, b, size, n)`` judges rightly if two results agree.

    ``a``, ``b``: results; ``size``: Σ |products| of each; ``n``: products in a sum. It is asked
    about results that rounding explains, and about some that it does not. A function that returns
    None counts as not written yet.

    >>> check_agreement(lambda a, b, size, n: np.allclose(a, b, rtol=0, atol=1e-6))
    not yet: the bound grows with `size`
    """
    judged = []
    for a, b, size, n, _ in _RESULTS:
        # beside a value on which all agree
        arrays = (np.array([a, 1]), np.array([b, 1]), np.array([size, 1]))
        found = called(function, *arrays, n)
        if is_verdict(found):
            return found
        if as_array(found) is None or np.shape(found):
            return not_yet("one verdict for the whole arrays: np.all")
        judged.append((arrays, n, bool(found)))
    if _all_as(agree, judged):
        return right("each result is off by at most γ(n) · Σ |products|")
    for mistake, hint in _OTHER_JUDGES:
        if _all_as(mistake, judged):
            return not_yet(hint)
    wrong = next(k for k, one in enumerate(judged) if not _all_as(agree, [one]))
    return not_yet(_RESULTS[wrong][-1])


def _all_as(judge, judged):
    """Whether all cases, (arrays, n, verdict), were judged as ``judge`` does."""
    return all(bool(judge(*arrays, n)) == verdict for arrays, n, verdict in judged)


def agree(a, b, size, n):
    """A solution: whether all values lie within what rounding explains.

    A comparison with NaN is false, so `np.all(… <= …)` rejects it.

    >>> check_agreement(agree)
    right: each result is off by at most γ(n) · Σ |products|
    """
    gamma = n * 2.0**-24 / (1 - n * 2.0**-24)
    return np.all(abs(a - b) <= 2 * gamma * size)


_RESULTS = (  # a, b, size, n, and what a wrong verdict on them means
    (1.0, 1.0, 1.0, 1, "it refuses results that are the same"),
    (1e4, 1e4 + 0.02, 1e4, 100, "it refuses large sums, which may differ more"),
    (0.0, 0.001, 1e3, 100, "it refuses a sum of large products that cancel"),
    (1e-6, 1.1e-6, 1e-6, 100, "it accepts small results that differ by a tenth"),
    (1.1e-6, 1e-6, 1e-6, 100, "it accepts small results that differ by a tenth"),
    (1.0, 1 + 30 * 2.0**-24, 1.0, 10, "it accepts more than rounding both sums explains"),
    (1.0, 1 + 15 * 2.0**-24, 1.0, 10, "one result may be too large, the other too small"),
    (1.0, 1 + 1.5 * 2.0**-24, 1.0, 1, "even one product is rounded, up or down"),
    (1.0, float("nan"), 1.0, 10, "it accepts NaN"),
)


def _allowed(size, n):
    return 2 * n * 2.0**-24 * size


_OTHER_JUDGES = (
    (
        lambda a, b, size, n: np.any(abs(a - b) <= _allowed(size, n)),
        "it accepts results of which one value agrees: np.all, not np.any",
    ),
    (
        lambda a, b, size, n: np.all(a - b <= _allowed(size, n)),
        "a difference may be negative, too: take its size",
    ),
    (
        lambda a, b, size, n: np.all(b - a <= _allowed(size, n)),
        "a difference may be negative, too: take its size",
    ),
    (
        lambda a, b, size, n: np.all(abs(a - b) <= _allowed(size.max(), n)),
        "each value has a size of its own; yours takes the largest",
    ),
    (
        lambda a, b, size, n: np.all(abs(a - b) <= _allowed(abs(a), n)),
        "products may cancel: the bound goes by `size`, not by the result",
    ),
    (
        lambda a, b, size, n: np.all(abs(a - b) <= _allowed(size, 1)),
        "every product of a sum may cost a rounding: n of them",
    ),
    (
        lambda a, b, size, n: np.all(abs(a - b) <= _allowed(1, n)),
        "the bound grows with `size`",
    ),
)


def check_lost(order, left):
    """Say whether ``order`` has the first of three threads to read write last, and what is left.

    ``order``: as `interleaving.steps` takes it; ``left``: the value in memory at the end. None
    counts as not answered yet.

    >>> check_lost([0, 0, 1, 1, 2, 2], 3)
    not yet: here thread 0 reads first, and thread 2 writes last
    """
    if order is None or left is None:
        return not_answered()
    try:
        trace = steps(order)
    except (TypeError, ValueError):
        trace = []
    if {step.thread for step in trace} != {0, 1, 2}:
        return not_yet("a list of turns, two for each of the threads 0, 1 and 2")
    if order[0] != order[-1]:
        return not_yet(f"here thread {order[0]} reads first, and thread {order[-1]} writes last")
    if as_number(left) != trace[-1].number:
        return not_yet("the order is right; the last one writes what it read at first, plus 1")
    return right("whatever the others do, one addition of three survives")


def lost():
    """A solution: thread 0 writes 0 + 1 at the end, so 1 is left.

    One addition of three survives.
    """
    return [0, 1, 1, 2, 2, 0], 1


def check_same_bits(answer):
    """Say which sum gives the same bits each time: "losing_sum", "atomic_sum" or "neither".

    None counts as not answered yet.

    >>> check_same_bits("losing_sum")
    not yet: which additions it loses depends on who comes when
    """
    mistakes = {
        "losing_sum": "which additions it loses depends on who comes when",
        "atomic_sum": "it loses no addition; is their order the same each time?",
    }
    praise = "one loses additions, the other takes them in another order each time"
    return choice(answer, "neither", praise, mistakes)


def same_bits():
    """A solution: neither.

    How many different results there are depends on the card. Expect lost additions from
    `losing_sum`, and from `atomic_sum` differences in the last digits at most.
    """
    return "neither"


EXERCISES = (
    Exercise(1, "Blocks and idle threads", check_grid, grid_and_idle),
    Exercise(2, "A kernel that clips", check_clip, clip),
    Exercise(3, "Loads per multiply-add", check_loads, loads),
    Exercise(4, "Do two results agree?", check_agreement, agree),
    Exercise(5, "The first to read, the last to write", check_lost, lost),
    Exercise(6, "The same bits each time?", check_same_bits, same_bits),
)
