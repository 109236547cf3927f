"""Pictures of what was measured."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure
from ...support.text import duration, three_digits


def calls(timings, work):
    """The first call of each function beside its later calls, all for the same work.

    ``timings``: name → `Timing`; ``work``: operations. A function that was measured on less work
    is scaled up to it, and drawn as a diamond: its later calls would take longer in proportion.
    What its first call took beyond these, for compiling, does not grow with the work.

    >>> from cnncourse.timing import Timing
    >>> compiled = Timing(first=0.5, seconds=0.002, calls=7, operations=10)
    >>> python = Timing(first=0.02, seconds=0.02, calls=7, operations=1)
    >>> calls({"python": python, "compiled": compiled}, work=10)
    <Figure: Seconds of a call, for the same work. python: first call 200 ms, later calls 200 ms,
    scaled up. compiled: first call 500 ms, later calls 2.00 ms>
    """
    later = [timing.seconds * work / timing.operations for timing in timings.values()]
    first = [
        seconds + max(timing.first - timing.seconds, 0)
        for seconds, timing in zip(later, timings.values(), strict=True)
    ]
    scaled = [timing.operations != work for timing in timings.values()]
    alt = "Seconds of a call, for the same work"
    for name, *seconds, is_scaled in zip(timings, first, later, scaled, strict=True):
        alt += f". {name}: first call {duration(seconds[0])}, later calls {duration(seconds[1])}"
        alt += ", scaled up" if is_scaled else ""
    figure = DescribedFigure(alt, 9, 0.8 + 0.4 * len(timings))
    ax = figure.subplots()
    ax.hlines(range(len(timings)), later, first, color="0.7", lw=2, zorder=1)
    for is_scaled, marker, note in (False, "o", ""), (True, "D", ", scaled up"):
        rows = [row for row, answer in enumerate(scaled) if answer == is_scaled]
        if rows:
            ax.scatter([first[row] for row in rows], rows, s=90, marker=marker, color="white",
                       edgecolor=COLOURS[4], lw=2, label=f"first call{note}")  # fmt: skip
            ax.scatter([later[row] for row in rows], rows, s=40, marker=marker, color=COLOURS[0],
                       label=f"later calls{note}")  # fmt: skip
    ax.set(xscale="log", xlabel="seconds for the same work")
    ax.set_yticks(range(len(timings)), list(timings))
    ax.set_ylim(len(timings) - 0.5, -0.5)  # the first rung on top
    ax.grid(alpha=0.3, axis="x")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def speed_ups(speeds, base):
    """How many times as fast as ``base`` each of ``speeds`` is, on a logarithmic scale.

    ``speeds``: name → GF/s, with ``base`` among the names. Bars begin at 1, which is ``base``
    itself: what is slower goes to the left.

    >>> speed_ups({"arrays": 0.002, "lists": 0.005, "compiled": 1.5}, base="lists")
    <Figure: How many times as fast as lists. arrays: 0.400. compiled: 300>
    """
    ratios = {name: speed / speeds[base] for name, speed in speeds.items()}
    texts = {name: three_digits(ratio) for name, ratio in ratios.items()} | {base: "1"}
    alt = ". ".join(f"{name}: {text}" for name, text in texts.items() if name != base)
    figure = DescribedFigure(f"How many times as fast as {base}. {alt}", 9, 0.8 + 0.4 * len(speeds))
    ax = figure.subplots()
    for row, ratio in enumerate(ratios.values()):
        ax.barh(row, ratio - 1, left=1, color=COLOURS[0 if ratio >= 1 else 4], height=0.6)
    ax.axvline(1, color="black", lw=1)
    ax.set(xscale="log", xlim=(min(0.5, *ratios.values()) / 2, max(ratios.values()) * 2))
    ax.set(xlabel=f"times as fast as {base}", ylim=(len(speeds) - 0.5, -0.5))
    ax.set_yticks(range(len(speeds)), list(speeds))
    right = ax.secondary_yaxis("right")
    labels = [f"× {texts[name]}   {three_digits(speed)} GF/s" for name, speed in speeds.items()]
    right.set_yticks(range(len(speeds)), labels)
    right.tick_params(length=0)
    ax.grid(alpha=0.3, axis="x")
    ax.set_axisbelow(True)
    return figure


def caches(sizes, speeds):
    """How fast arrays of several sizes are read and written.

    ``sizes``: bytes; ``speeds``: GB/s, for each of them.

    >>> caches([2**14, 2**26], [200, 20])
    <Figure: Speed of reading and writing: 200 GB/s for 16 KiB, 20.0 GB/s for 64 MiB>
    """
    texts = [bytes_text(size) for size in sizes]
    alt = ", ".join(
        f"{three_digits(speed)} GB/s for {text}" for speed, text in zip(speeds, texts, strict=True)
    )
    figure = DescribedFigure(f"Speed of reading and writing: {alt}", 8, 3.2)
    ax = figure.subplots()
    ax.plot(sizes, speeds, "o-", color=COLOURS[0])
    ax.set(
        xscale="log",
        ylim=(0, 1.1 * np.max(speeds)),
        xlabel="size of both arrays together",
        ylabel="GB/s",
    )
    ax.set_xticks(sizes[::2], texts[::2])
    ax.minorticks_off()
    ax.grid(alpha=0.3)
    return figure


def bytes_text(size):
    """A number of bytes, in the largest unit that it fills.

    >>> bytes_text(2**25), bytes_text(512)
    ('32 MiB', '512 B')
    """
    for unit, factor in ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size} B"
