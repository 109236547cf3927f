"""Dropout: a hash of its index decides on each value, so no mask is stored and no order matters."""

import numpy as np
from numba import prange, uint32

from ..compiled_code import jit
from ..contract import contracted
from .parallel.threads import parallel


@contracted
def dropout(x, rate, key, out):
    """See ``reference.dropout``."""
    threshold = np.uint32(rate * 2**32)
    scale = x.dtype.type(1 / (1 - rate))
    low = np.uint32(key & 0xFFFFFFFF)
    high = np.uint32(key >> 32)
    _dropout(x.reshape(-1), threshold, scale, low, high, out.reshape(-1))


@parallel
def _dropout(x, threshold, scale, low, high, out):
    """``out = x · scale`` where the random bits reach ``threshold``, else 0.

    ``x`` and ``out``: flat float32; ``scale``: float32; ``threshold``, and the two halves of the
    key, ``low`` and ``high``: uint32.
    """
    for k in prange(len(x)):
        bits = _scramble(_scramble(uint32(k) ^ low) ^ high)
        out[k] = x[k] * scale if bits >= threshold else 0


@jit(inline="always")
def _scramble(bits):
    """See ``reference._scramble``; products are cut to 32 bits at each step."""
    bits = uint32((bits ^ (bits >> uint32(16))) * uint32(0x7FEB352D))
    bits = uint32((bits ^ (bits >> uint32(15))) * uint32(0x846CA68B))
    return uint32(bits ^ (bits >> uint32(16)))
