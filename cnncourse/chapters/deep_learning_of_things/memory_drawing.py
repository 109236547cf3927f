"""Bars of bytes beside the flash memory of small boards."""

from ...plots.figure import COLOURS, DescribedFigure
from .boards import BOARDS, KB


def memory(networks):
    """How many kilobytes of flash each network takes; a line for each board's whole flash.

    ``networks``: name → bytes.

    >>> memory({"float32": 250_000})
    <Figure: Bytes of flash: float32 250,000. The boards have: Arduino Uno 32,768, Blue Pill 65,536,
    micro:bit 524,288>
    """
    boards = {name: flash for name, (flash, _) in BOARDS.items()}
    alt = f"Bytes of flash: {_listed(networks)}. The boards have: {_listed(boards)}"
    figure = DescribedFigure(alt, 8, 1.6 + 0.4 * len(networks))
    ax = figure.subplots()
    sizes = [count / KB for count in networks.values()]
    ax.barh(range(len(sizes)), sizes, color=COLOURS[0], height=0.6)
    for row, size in enumerate(sizes):
        ax.text(size / 1.06, row, f"{size:.0f} KB", va="center", ha="right", color="white")
    for colour, (name, flash) in zip(COLOURS[1:], boards.items(), strict=False):
        ax.axvline(flash / KB, color=colour, ls="--", label=f"{name}: {flash // KB} KB")
    ax.set_xscale("log")
    ax.set(xlabel="flash, KB (each grid line doubles it)", xlim=(4, 1024))
    ax.set_xticks([2**k for k in range(2, 11)], [2**k for k in range(2, 11)])
    ax.minorticks_off()
    ax.set_yticks(range(len(networks)), networks)
    ax.set_ylim(len(networks) - 0.5, -0.5)  # the first on top
    ax.grid(alpha=0.3, axis="x")
    figure.legend(loc="outside lower center", ncols=len(boards))
    return figure


def _listed(sizes):
    return ", ".join(f"{name} {count:,}" for name, count in sizes.items())
