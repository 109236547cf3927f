"""How many threads: a launch's grid of blocks, and the threads of each block."""

from .launch_queue import queue

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
    whole warp with one trip to memory. For arguments, see `launch_queue`.
    """
    queue.launch(kernel, blocks(count), THREADS, arguments)


def launch_grid(kernel, grid, threads, *arguments):
    """Run a kernel with a grid of blocks, and so many threads a block, each a number or a tuple."""
    queue.launch(kernel, grid, threads, arguments)
