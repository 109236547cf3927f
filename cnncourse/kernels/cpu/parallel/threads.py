"""How kernels run on all cores: one kernel at a time, by threads that wait patiently.

OpenMP lets idle threads spin for some 15 ms before they sleep. That gains microseconds on an idle
machine. But where another program wants the same core, the spinning uses up the thread's turn, and
the next kernel waits 10 ms for it to come round again. So its threads are told to sleep; GNU's
OpenMP may spin for as long as the way from one kernel to the next takes. OpenMP reads the variables
when it is loaded, which numba does at the first parallel kernel; who has set them knows better.

Threads do not survive a fork. Where a process forks after its first kernel (``multiprocessing`` on
Linux, until Python 3.14, and joblib's backend of that name), the child runs the same loops by one
thread: slower, with the same bits. ``multiprocessing.get_context("spawn")`` gives children with
threads of their own.
"""

import os
from functools import cache, wraps
from threading import Lock

from ...compiled_code import jit
from ..simd.compiled_apart import make_known
from . import second_compiler

# Some microseconds: about the time between two kernels. With three times as many, a network of many
# small kernels trains a twentieth faster, but two at once on the same cores a fifth slower.
SPINS = "1500"

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", SPINS)


class _Process:
    """What a forked child must know of its parent."""

    turn = Lock()  # held by the thread whose kernel runs
    used_threads = False
    lost_threads = False  # forked after its parent had used them


def _forked():
    _Process.turn = Lock()  # the old one may have been held by a thread that is not here
    _Process.lost_threads = _Process.used_threads


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_forked)


def parallel(function):
    """Decorate a function whose ``prange`` loops are to be compiled for all cores.

    If two Python threads call such functions at once, one waits: each call takes all cores anyway,
    and numba's simplest threading layer would end the process. Threads that do something else go on
    meanwhile (``nogil``), such as those that read the next images. Divisions are NumPy's: to look
    for a zero at each would keep the compiler from doing many at once. The decorated function
    takes its arguments by position and returns nothing; its ``alone()`` is the same for one thread,
    which waits for nobody, and which compiled functions may call.
    """
    options = {"nogil": True, "error_model": "numpy"}
    threaded = jit(function, parallel=True, **options)

    @cache
    def alone():
        return jit(function, variant="one-thread", **options)

    @cache
    def before_the_first():
        second_compiler.wait_for(function)
        make_known(function)

    @wraps(function)
    def call(*arguments):
        with _Process.turn:
            before_the_first()
            if _Process.lost_threads:
                alone()(*arguments)
            else:
                _Process.used_threads = True
                threaded(*arguments)

    call.alone = alone
    return call
