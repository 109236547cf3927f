"""Tiling a matrix product (a GEMM): what a block of threads computes, and what each thread.

The product is ``A (M, K) · B (K, N)``. A block computes a tile of it, ``block_m`` × ``block_n``,
and steps along K by ``block_k``: at each step it holds ``block_m`` × ``block_k`` values of A and
``block_k`` × ``block_n`` of B in shared memory. A thread computes ``thread_m`` × ``thread_n``
values of the tile, and holds their sums in registers, which is called *register blocking*.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import prod

from .launching import blocks

# What keeps a large GPU busy: a thousand threads, or four blocks, for each of its multiprocessors.
ENOUGH_THREADS, ENOUGH_BLOCKS = 2**17, 2**9
LEAST_TERMS = 32  # of a sum that are worth a block of their own
VECTOR_WIDTH = 4  # values that a thread reads at once from shared memory
# Unused values behind each row of a tile in shared memory, which lies in 32 banks: what is a column
# of the tile then lies in different ones. From one bank, threads are served one after the other,
# which is called a bank conflict.
BANK_PADDING = 4


@dataclass(frozen=True)
class Tile:
    """The sizes of a block's tile, of each thread's part of it, and of a step along K."""

    block_m: int
    block_n: int
    thread_m: int = 4
    thread_n: int = 4
    block_k: int = 16

    @property
    def threads(self):
        """A block's threads, in the order of a launch: (along N, along M)."""
        return self.block_n // self.thread_n, self.block_m // self.thread_m

    def grid(self, m, n):
        """The blocks for an M × N output: (along M, along N)."""
        return blocks(m, self.block_m), blocks(n, self.block_n)


# From large to small. A large tile reads less for each multiplication; small ones are more blocks,
# and waste less where there are few rows or columns.
TILES = (
    Tile(128, 128, thread_m=8, thread_n=8),
    Tile(128, 64, thread_m=8, thread_n=4),
    Tile(64, 64),
    Tile(64, 32),
    Tile(32, 32),
    Tile(32, 16),
)


@lru_cache(maxsize=1024)
def tile_and_parts(m, n, terms):
    """The tile for an M × N output, and into how many parts to share out its sums (*split-K*).

    The largest tile that is not much larger than the output, if that makes enough threads or
    blocks; parts of each sum, of its ``terms`` terms, make more of them.

    >>> tile_and_parts(100, 10, terms=1024)
    (Tile(block_m=32, block_n=16, thread_m=4, thread_n=4, block_k=16), 32)
    """
    fitting = [tile for tile in TILES if tile.block_m < 2 * m and tile.block_n < 2 * n]
    most = max(1, terms // LEAST_TERMS)
    for tile in fitting or TILES[-1:]:
        grid = prod(tile.grid(m, n))
        threads = grid * prod(tile.threads)
        if threads * most >= ENOUGH_THREADS or grid * most >= ENOUGH_BLOCKS:
            break
    return tile, min(most, max(1, ENOUGH_THREADS // threads))
