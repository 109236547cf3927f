"""Tiling a matrix product (a GEMM): what a block of threads computes, and what each thread.

The product is ``A (M, K) · B (K, N)``. A block computes a tile of it, ``block_m`` × ``block_n``,
and steps along K by ``block_k``: at each step it holds ``block_m`` × ``block_k`` values of A and
``block_k`` × ``block_n`` of B in shared memory. A thread computes ``thread_m`` × ``thread_n``
values of the tile, and holds their sums in registers, which is called *register blocking*.
"""

from dataclasses import dataclass

from .launching import blocks

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


# Measured on an NVIDIA H200, for the products of the documents' networks: of the tiles from 32 × 16
# to 128 × 128, one of these two was the fastest for most of them, and nearly so for the others.
WIDE, NARROW = Tile(64, 64), Tile(64, 32)
# where there are few terms, a step along K has many that are only zeros
WIDE_SHORT, NARROW_SHORT = Tile(64, 64, block_k=8), Tile(64, 32, block_k=8)
TILES = WIDE, NARROW, WIDE_SHORT, NARROW_SHORT
SHORT = 64  # terms

ENOUGH_SUMS = 2**20  # that keep a large GPU busy: a thread has sixteen of them
LEAST_TERMS = 32  # of a sum that are worth a part of their own


def tile_and_parts(m, n, terms):
    """The tile for an M × N output, and into how many parts to share out its sums (*split-K*).

    A sum has so many ``terms``. Small outputs keep few threads busy; parts of their sums, which are
    added up later, keep more.

    >>> tile_and_parts(100, 10, terms=1024)
    (Tile(block_m=64, block_n=32, thread_m=4, thread_n=4, block_k=16), 32)
    """
    wide = min(m, n) > NARROW.block_n
    short, long = (WIDE_SHORT, WIDE) if wide else (NARROW_SHORT, NARROW)
    tile = short if terms < SHORT else long
    most = max(1, terms // LEAST_TERMS)
    return tile, min(most, max(1, ENOUGH_SUMS // (m * n)))
