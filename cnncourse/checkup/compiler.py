"""Does numba compile the kernels, and do they compute what they should?"""

from .diagnosis import OK, Diagnosis
from .learning import learn


def examine():
    """Whether a tiny model learns on the CPU."""
    learn("cpu")
    return Diagnosis(OK, "compiled and working, on the device 'cpu': a tiny model has learned")
