"""Which part of a product a block of threads computes, and which part each thread."""

from dataclasses import dataclass

from .launching import blocks

ENOUGH = 256  # blocks that keep a large GPU busy: about two for each of its multiprocessors
FOUR = 4  # numbers that a thread reads at once
APART = 4  # unused numbers behind a row of a tile: its columns then lie in different banks


@dataclass(frozen=True)
class Tile:
    """A block's rows and columns of the output, a thread's, and the steps of a sum at a time."""

    rows: int
    columns: int
    down: int = 4
    across: int = 4
    steps: int = 8

    @property
    def threads(self):
        """The block's threads: (side by side, below each other)."""
        return self.columns // self.across, self.rows // self.down

    def grid(self, rows, columns):
        """How many tiles an output has, down and across."""
        return blocks(rows, self.rows), blocks(columns, self.columns)


# From large to small. A large tile reads less for each multiplication; small ones are more blocks,
# and waste less where there are few rows or columns.
TILES = (
    Tile(128, 128, down=8, across=8),
    Tile(128, 64, down=8, across=4),
    Tile(64, 64),
    Tile(64, 32),
    Tile(32, 32),
    Tile(32, 16),
)


def tile_for(rows, columns):
    """The largest tile that is not much wider than the output, and leaves enough blocks."""
    narrow = [tile for tile in TILES if tile.columns < 2 * columns] or [TILES[-1]]
    for tile in narrow:
        down, across = tile.grid(rows, columns)
        if down * across >= ENOUGH:
            return tile
    return narrow[-1]
