"""Sums over many images by several threads, in an order that never changes.

Floating-point addition is not associative: were each thread to add what it happens to get, the
last digits would depend on the number of threads. So the rows of a long sum are cut into the same
``SLICES`` slices on every machine; threads share out the slices; and the partial sums are added up
in the order of the slices.
"""

from numba import njit

SLICES = 16  # enough for the cores of a laptop; each costs one partial sum in memory


@njit(cache=True)
def bounds(part, rows):
    """First row of slice ``part`` of ``rows`` rows, and the row after its last."""
    return part * rows // SLICES, (part + 1) * rows // SLICES
