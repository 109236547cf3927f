"""Dropout: a hash of each number's place decides, so all threads decide on their own."""

import numpy as np

from ..contract import contracted
from .compiler import cuda, device, jit
from .launching import launch

ZERO = np.float32(0)
BITS = 0xFFFFFFFF  # the lowest 32


@contracted
def dropout(x, rate, key, out):
    """See ``reference.dropout``."""
    threshold, scale = int(rate * 2**32), np.float32(1 / (1 - rate))
    launch(_dropout, x.size, x.flat, threshold, scale, key & BITS, key >> 32, out.flat)


@jit
def _dropout(x, threshold, scale, low, high, out):
    k = cuda.grid(1)
    if k < out.size:
        bits = _scramble(_scramble((k & BITS) ^ low) ^ high)
        out[k] = x[k] * scale if bits >= threshold else ZERO


@device
def _scramble(bits):
    """See ``reference._scramble``; products are cut to 32 bits at each step."""
    bits = ((bits ^ (bits >> 16)) * 0x7FEB352D) & BITS
    bits = ((bits ^ (bits >> 15)) * 0x846CA68B) & BITS
    return bits ^ (bits >> 16)
