"""Tiling a matrix product (a GEMM): what a block of threads computes, and what each thread.

The product is ``A (M, K) · B (K, N)``. A block computes a tile of it, ``block_m`` × ``block_n``,
and steps along K by ``block_k``: at each step it holds ``block_m`` × ``block_k`` values of A and
``block_k`` × ``block_n`` of B in shared memory. A thread computes ``thread_m`` × ``thread_n``
values of the tile, and holds their sums in registers, which is called *register blocking*.
"""

from dataclasses import dataclass

from .launching import blocks

ENOUGH_BLOCKS = 256  # that keep a large GPU busy: about two for each of its multiprocessors
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
    block_k: int = 8

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


def tile_for(m, n):
    """The largest tile that is not much wider than an M × N output, and leaves enough blocks.

    >>> tile_for(100, 10)
    Tile(block_m=32, block_n=16, thread_m=4, thread_n=4, block_k=8)
    """
    narrow = [tile for tile in TILES if tile.block_n < 2 * n] or [TILES[-1]]
    for tile in narrow:
        along_m, along_n = tile.grid(m, n)
        if along_m * along_n >= ENOUGH_BLOCKS:
            return tile
    return narrow[-1]
