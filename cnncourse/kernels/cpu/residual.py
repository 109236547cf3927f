"""The sum of a residual block's two branches, alone or with the ReLU behind it."""

from numba import prange

from ..contract import contracted
from .parallel.threads import parallel


@contracted
def add(a, b, out):
    """See ``reference.add``."""
    _add(a.reshape(-1), b.reshape(-1), out.reshape(-1))


@parallel
def _add(a, b, out):
    for k in prange(len(out)):
        out[k] = a[k] + b[k]


@contracted
def fused_add(a, b, out):
    """The sum, then ReLU: ``out = max(0, a + b)``; NaN stays.

    ``a``, ``b`` and ``out``: of the same shape, any; float32.
    """
    _add_and_relu(a.reshape(-1), b.reshape(-1), out.reshape(-1))


@parallel
def _add_and_relu(a, b, out):
    for k in prange(len(out)):
        total = a[k] + b[k]
        out[k] = 0 if total < 0 else total  # this way round, NaN stays
