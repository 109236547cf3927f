"""The memory hierarchy of a CPU: what is near is small and fast, what is large is far and slow."""

from dataclasses import dataclass

import numpy as np

from ...plots.boxes import BLUE, GREEN, ORANGE, PURPLE, SKY
from ...plots.figure import DescribedFigure
from .charts import bytes_text

KIB, MIB, GIB = 2**10, 2**20, 2**30


@dataclass(frozen=True)
class Level:
    """A level of the hierarchy, with the sizes and latencies usual in laptops and desktops."""

    name: str
    bytes: tuple  # from, to
    cycles: tuple  # of waiting for a value, from, to
    where: str


# Usual from about 2013 on; single CPUs lie outside. Sources: J. Hennessy & D. Patterson, *Computer
# Architecture*, 6th edition, chapter 2; A. Fog, *The microarchitecture of Intel, AMD and VIA CPUs*.
LEVELS = (
    Level("registers", (KIB // 4, 2 * KIB), (0, 0), "in each core"),
    Level("L1 cache", (32 * KIB, 128 * KIB), (3, 5), "in each core"),
    Level("L2 cache", (256 * KIB, 4 * MIB), (12, 20), "in each core"),
    Level("L3 cache", (4 * MIB, 128 * MIB), (40, 80), "shared by the cores"),
    Level("DRAM", (8 * GIB, 128 * GIB), (200, 400), "outside the chip"),
)


def memory_hierarchy():
    """The levels from registers to DRAM, as wide as their sizes (logarithmic), with their cycles.

    >>> memory_hierarchy().alt[:58]
    'The memory hierarchy, from near and small to far and large'
    """
    lines = [f"{level.name}: {_size(level)}, {_wait(level)}, {level.where}" for level in LEVELS]
    figure = DescribedFigure(
        "The memory hierarchy, from near and small to far and large. " + ". ".join(lines), 9, 3.4
    )
    ax = figure.subplots()
    widths = [np.log2(level.bytes[1]) - 6 for level in LEVELS]  # a vector of 64 bytes would be 0
    for row, (level, width, colour) in enumerate(
        zip(LEVELS, widths, (ORANGE, GREEN, SKY, BLUE, PURPLE), strict=True)
    ):
        ax.barh(row, width, left=-width / 2, height=0.8, color=colour, alpha=0.6)
        ax.text(0, row, level.name, ha="center", va="center")
        for x, text in zip((19, 30, 42), (_size(level), _wait(level), level.where), strict=True):
            ax.text(x, row, text, va="center", fontsize=10)
    for x, text in zip((19, 30, 42), ("size", "a load waits", "where"), strict=True):
        ax.text(x, -0.8, text, va="center", fontsize=10, weight="bold")
    ax.set(xlim=(-16, 54), ylim=(len(LEVELS) - 0.5, -1.2), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return figure


def _size(level):
    return f"{bytes_text(level.bytes[0])} – {bytes_text(level.bytes[1])}"


def _wait(level):
    least, most = level.cycles
    return f"{least} – {most} cycles" if most else "not at all"
