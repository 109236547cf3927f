"""Pictures of what was measured."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure
from ...support.text import duration, three_digits


def calls(timings):
    """The first call of each function beside its later calls, on a logarithmic scale.

    ``timings``: name → `Timing`.

    >>> from cnncourse.timing import Timing
    >>> calls({"compiled": Timing(first=0.5, seconds=0.002, calls=7, operations=1)})
    <Figure: Seconds of a call. compiled: first call 500 ms, later calls 2.00 ms>
    """
    alt = "Seconds of a call"
    for name, timing in timings.items():
        first, later = duration(timing.first), duration(timing.seconds)
        alt += f". {name}: first call {first}, later calls {later}"
    figure = DescribedFigure(alt, 8, 0.8 + 0.45 * len(timings))
    ax = figure.subplots()
    for row, timing in enumerate(timings.values()):
        ax.plot([timing.first, timing.seconds], [row, row], color="0.7", lw=2, zorder=1)
    rows = range(len(timings))
    later, first = [[getattr(t, kind) for t in timings.values()] for kind in ("seconds", "first")]
    ax.scatter(later, rows, s=70, color=COLOURS[0], label="later calls")
    ax.scatter(first, rows, s=70, color="white", edgecolor=COLOURS[4], lw=2, label="first call")
    ax.set(xscale="log", xlabel="seconds", yticks=rows, yticklabels=timings)
    ax.set_ylim(len(timings) - 0.5, -0.5)  # the first rung on top
    ax.grid(alpha=0.3, axis="x")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def speed_ups(speeds):
    """How many times faster than the first each of ``speeds`` is, on a logarithmic scale.

    ``speeds``: name → GF/s.

    >>> speed_ups({"python": 0.005, "compiled": 1.5})
    <Figure: How many times faster than python. compiled: 300>
    """
    names = list(speeds)
    ratios = [speed / speeds[names[0]] for speed in speeds.values()]
    texts = [three_digits(ratio) if ratio != 1 else "1" for ratio in ratios]
    pairs = zip(names[1:], texts[1:], strict=True)
    alt = ". ".join(f"{name}: {text}" for name, text in pairs)
    figure = DescribedFigure(
        f"How many times faster than {names[0]}. {alt}", 8, 0.8 + 0.4 * len(names)
    )
    ax = figure.subplots()
    ax.barh(names, ratios, color=COLOURS[0], height=0.6)
    for row, (ratio, text, speed) in enumerate(zip(ratios, texts, speeds.values(), strict=True)):
        label = f"× {text}   ({three_digits(speed)} GF/s)"
        ax.annotate(label, (ratio, row), (5, 0), textcoords="offset points", va="center")
    ax.set(xscale="log", xlim=(min(0.5, *ratios), max(ratios) * 400))
    ax.set(xlabel=f"times as fast as {names[0]}")
    ax.invert_yaxis()  # the first rung on top
    ax.grid(alpha=0.3, axis="x")
    ax.set_axisbelow(True)
    return figure


def caches(sizes, speeds):
    """How fast arrays of several sizes are read and written.

    ``sizes``: bytes; ``speeds``: GB/s, for each of them.

    >>> caches([2**14, 2**26], [200, 20])
    <Figure: Speed of reading and writing: 200 GB/s for 16 KB, 20.0 GB/s for 64 MB>
    """
    texts = [_bytes(size) for size in sizes]
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


def _bytes(size):
    return f"{size / 2**20:.3g} MB" if size >= 2**20 else f"{size / 2**10:.3g} KB"
