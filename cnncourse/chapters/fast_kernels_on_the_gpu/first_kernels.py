"""The smallest kernel: a thread for each element."""

from ...kernels.cuda.compiler import cuda, jit


@jit
def where_am_i(block, thread):
    """Each thread writes where it is: its block, and its index in the block."""
    k = cuda.grid(1)  # blockIdx.x · blockDim.x + threadIdx.x
    if k < block.size:
        block[k] = cuda.blockIdx.x
        thread[k] = cuda.threadIdx.x
