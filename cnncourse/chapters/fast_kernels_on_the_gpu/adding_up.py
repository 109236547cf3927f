"""Many threads add to one number: wrong, wrong every time, and two ways that are correct."""

import numpy as np

from ...kernels.cuda.compiler import cuda, float32, jit

ZERO = np.float32(0)
THREADS = 32  # of a block in `block_sums`: a power of two


@jit
def losing_sum(x, out):
    """Wrong: between a thread's reading and its writing, others may write."""
    k = cuda.grid(1)
    if k < x.size:
        out[0] += x[k]


@jit
def surely_losing_sum(x, out):
    """Wrong: one block, in which all threads have read before the first writes.

    ``x`` has a value for each thread of the block.
    """
    before = out[0]
    cuda.syncthreads()
    out[0] = before + x[cuda.threadIdx.x]


@jit
def atomic_sum(x, out):
    """Correct: reading, adding and writing are one operation, with no room between."""
    k = cuda.grid(1)
    if k < x.size:
        cuda.atomic.add(out, 0, x[k])


@jit
def block_sums(x, out):
    """Correct, in a fixed order: ``out`` gets each block's sum, added in pairs (a reduction)."""
    shared = cuda.shared.array(THREADS, float32)
    k = cuda.grid(1)
    me = cuda.threadIdx.x
    shared[me] = x[k] if k < x.size else ZERO
    half = THREADS // 2
    while half > 0:
        cuda.syncthreads()
        if me < half:
            shared[me] += shared[me + half]
        half //= 2
    if me == 0:
        out[cuda.blockIdx.x] = shared[0]
