"""Dropout: each number's fate is a hash of its place, so no mask is stored and no order matters."""

import numpy as np
from numba import njit, prange, uint32

from ..contract import contracted
from .parallel.threads import parallel


@contracted
def dropout(x, rate, key, out):
    """See ``reference.dropout``."""
    threshold, scale = np.uint32(rate * 2**32), x.dtype.type(1 / (1 - rate))
    low, high = np.uint32(key & 0xFFFFFFFF), np.uint32(key >> 32)
    _dropout(x.reshape(-1), threshold, scale, low, high, out.reshape(-1))


@parallel
def _dropout(x, threshold, scale, low, high, out):
    for k in prange(len(x)):
        bits = _scramble(_scramble(uint32(k) ^ low) ^ high)
        out[k] = x[k] * scale if bits >= threshold else 0


@njit(cache=True, inline="always")
def _scramble(bits):
    """See ``reference._scramble``; products are cut to 32 bits at each step."""
    bits = uint32((bits ^ (bits >> uint32(16))) * uint32(0x7FEB352D))
    bits = uint32((bits ^ (bits >> uint32(15))) * uint32(0x846CA68B))
    return uint32(bits ^ (bits >> uint32(16)))
