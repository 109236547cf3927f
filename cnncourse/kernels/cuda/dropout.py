"""Dropout: a hash of each element's index decides, so all threads decide on their own."""

import numpy as np

from ..contract import contracted
from .compiler import cuda, device, jit
from .launching import launch

ZERO = np.float32(0)
BITS = 0xFFFFFFFF  # the lowest 32


@contracted
def dropout(x, rate, key, out):
    """See ``reference.dropout``."""
    integers = np.array([int(rate * 2**32), key & BITS, key >> 32], np.uint32)
    launch(_dropout, x.size, x.flat, np.float32(1 / (1 - rate)), integers, out.flat)


@jit
def _dropout(x, scale, integers, out):
    """Thread k decides on element k: zero if its 32 random bits are below a threshold.

    ``scale``: what the others are multiplied by; ``integers`` (3,): the threshold, and the lower
    and the upper half of the 64-bit key.
    """
    k = cuda.grid(1)
    if k < out.size:
        threshold, low, high = integers[0], integers[1], integers[2]
        bits = _scramble(_scramble((k & BITS) ^ low) ^ high)
        out[k] = x[k] * scale if bits >= threshold else ZERO


@device
def _scramble(bits):
    """The same hash as the reference's; products are truncated to 32 bits at each step."""
    bits = ((bits ^ (bits >> 16)) * 0x7FEB352D) & BITS
    bits = ((bits ^ (bits >> 15)) * 0x846CA68B) & BITS
    return bits ^ (bits >> 16)
