"""The sum of a residual block's two branches, with the ReLU behind it and what comes before it."""

import numpy as np
from numba import prange

from ..contract import contracted
from .normalization import normalize
from .parallel.threads import parallel
from .simd.micro_kernel import NO_LEAST, ZERO


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


@contracted
def fused_batch_norm_add(x, mean, variance, gamma, beta, epsilon, b, relu, out):
    """Batch normalisation, the sum with ``b``, then ReLU if ``relu``; NaN stays.

    ``x``, ``b`` and ``out``: (…, C); ``mean``, ``variance``, ``gamma`` and ``beta``: (C,), all
    float32; ``epsilon``: float; ``relu``: bool.
    """
    scale = gamma / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    rows = -1, len(mean)
    least = ZERO if relu else NO_LEAST
    normalize(x.reshape(rows), mean, scale, beta, b.reshape(rows), least, out.reshape(rows), None)
