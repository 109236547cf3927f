"""How many threads: a launch's grid of blocks, and the threads of each block."""

THREADS = 256  # of a block: eight warps, which suits all GPUs


def blocks(count, size=THREADS):
    """How many blocks of ``size`` it takes for ``count`` threads, the last one not full perhaps.

    >>> blocks(1000)
    4
    """
    return -(-count // size)


def launch(kernel, count, *arguments):
    """Run a kernel with a thread for each of ``count`` numbers."""
    kernel[blocks(count), THREADS](*arguments)
