"""The sum of a residual block's two branches, with the ReLU behind it and what comes before it."""

import numpy as np
from numba import prange

from ..contract import contracted
from .parallel.slices import SLICES, bounds
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


@contracted
def fused_batch_norm_add(x, mean, variance, gamma, beta, epsilon, b, relu, out):
    """Batch normalisation, the sum with ``b``, then ReLU if ``relu``; NaN stays.

    ``x``, ``b`` and ``out``: (…, C); ``mean``, ``variance``, ``gamma`` and ``beta``: (C,), all
    float32; ``epsilon``: float; ``relu``: bool.
    """
    scale = gamma / np.sqrt(variance + x.dtype.type(epsilon))  # (C,)
    rows = -1, len(mean)
    _normalize_and_add(x.reshape(rows), mean, scale, beta, b.reshape(rows), relu, out.reshape(rows))


@parallel
def _normalize_and_add(rows, mean, scale, beta, b, relu, out):
    """``scale``: gamma / √(variance + epsilon), (C,); ``rows``, ``b`` and ``out``: (rows, C)."""
    for part in prange(SLICES):
        for row in range(*bounds(part, SLICES, len(rows))):
            for c in range(rows.shape[1]):
                total = (rows[row, c] - mean[c]) * scale[c] + beta[c] + b[row, c]
                out[row, c] = 0 if relu and total < 0 else total  # this way round, NaN stays
