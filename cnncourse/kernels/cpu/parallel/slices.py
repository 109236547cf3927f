"""Work cut into slices, in a way that does not depend on the number of threads.

Floating-point addition is not associative: were each thread to add what it happens to get, the
last digits would depend on the number of threads. So long sums are cut into the same slices on
every machine; threads share out the slices; and the partial sums are added up in the order of the
slices.
"""

from ...compiled_code import jit

SLICES = 16  # enough for the cores of a laptop; each costs one partial sum in memory


@jit
def bounds(part, parts, length):
    """Where slice ``part`` of ``parts`` nearly equal slices of ``length`` begins, and ends."""
    return part * length // parts, (part + 1) * length // parts
