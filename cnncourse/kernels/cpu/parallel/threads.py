"""How kernels run on all cores: one kernel at a time, by threads that wait patiently.

OpenMP lets idle threads spin for some 15 ms before they sleep. That gains microseconds on an idle
machine. But where another program wants the same core, the spinning uses up the thread's turn, and
the next kernel waits 10 ms for it to come round again. So its threads are told to sleep; GNU's
OpenMP may spin for as long as the way from one kernel to the next takes. OpenMP reads the variables
when it is loaded, which numba does at the first parallel kernel; who has set them knows better.
"""

import os
from functools import wraps
from threading import Lock

from numba import njit

SPINS = "1000"  # some microseconds: about the time between two kernels

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", SPINS)
_turn = Lock()  # held by the thread whose kernel runs


def parallel(function):
    """Decorate a function whose ``prange`` loops are to be compiled for all cores.

    If two Python threads call such functions at once, one waits: each call takes all cores anyway,
    and numba's simplest threading layer would end the process. Threads that do something else go on
    meanwhile (``nogil``), such as those that read the next images. Divisions are NumPy's: to look
    for a zero at each would keep the compiler from doing many at once. The decorated function
    takes its arguments by position and returns nothing.
    """
    compiled = njit(parallel=True, nogil=True, cache=True, error_model="numpy")(function)

    @wraps(function)
    def alone(*arguments):
        with _turn:
            compiled(*arguments)

    return alone
