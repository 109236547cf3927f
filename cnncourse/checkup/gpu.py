"""Is there a GPU to compute on? The course needs none."""

from ..kernels import gpu_detection
from .diagnosis import OK, WARNING, Diagnosis
from .learning import learn


def examine():
    """The GPU that the kernels can run on, or why there is none."""
    found = gpu_detection.detect()
    if found.simulated:
        return Diagnosis(OK, found.description)
    if found.usable:
        learn("cuda")
        return Diagnosis(OK, f"{found.description}, compiled and working, on the device 'cuda'")
    text = f"none, for {found.description}; the CPU does it all"
    if gpu_detection.driver_count():  # there is a card that could be used
        return Diagnosis(WARNING, text, found.advice)
    return Diagnosis(OK, text)
