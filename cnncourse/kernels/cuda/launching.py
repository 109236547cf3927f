"""How many threads: a launch's grid of blocks, and the threads of each block."""

THREADS = 256  # of a block: eight warps, which suits all GPUs


def blocks(count, size=THREADS):
    """How many blocks of ``size`` threads it takes for ``count``; the last one may not be full.

    >>> blocks(1000)
    4
    """
    return -(-count // size)


def launch(kernel, count, *arguments):
    """Run a kernel with a thread for each of ``count`` elements, neighbours side by side.

    Neighbouring threads read and write neighbouring elements: *coalesced access*, which serves a
    whole warp with one trip to memory.
    """
    kernel[blocks(count), THREADS](*arguments)
