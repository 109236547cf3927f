"""The smallest kernels: a thread for each number."""

import numpy as np

from ..kernels.cuda.compiler import cuda, jit

TWO = np.float32(2)


@jit
def where_am_i(block, thread):
    """Each thread writes where it is: its block, and its place in the block."""
    k = cuda.grid(1)
    if k < block.size:
        block[k] = cuda.blockIdx.x
        thread[k] = cuda.threadIdx.x


@jit
def doubled(x, out):
    """``out = 2 · x``, a number a thread."""
    k = cuda.grid(1)  # blockIdx.x · blockDim.x + threadIdx.x
    if k < x.size:
        out[k] = TWO * x[k]
