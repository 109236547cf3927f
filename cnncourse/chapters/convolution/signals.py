"""Convolution in one dimension, drawn."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure
from ...support.checks import numbers

MARKERS = "os^D"
HATCHES = ("", "//", "..", "xx", "--", "\\\\")  # so that the parts differ without colours too


def contributions(signal, kernel, x="time", y="", part="value {}"):
    """A convolution as what it adds up: a copy of the kernel for each value of the signal.

    ``signal``: (samples,), ``kernel``: (cells,), neither with negative values; ``x``, ``y``: what
    the axes mean; ``part``: the name of a copy, ``{}`` being its position in the signal. Raises
    ``ValueError`` for negative values, which cannot be stacked.

    >>> contributions([2, 1], [1, 3])
    <Figure: 3 bars: 2, 7, 3. They are stacked from value 0: 2, 6; value 1: 1, 3>
    """
    signal, kernel = numbers(signal, "signal"), numbers(kernel, "kernel")
    if min(signal.min(), kernel.min()) < 0:
        raise ValueError("contributions: expected no negative values; bars of them hide each other")
    parts = {}  # name → (first bar, heights)
    total = np.zeros(len(signal) + len(kernel) - 1)
    for k, value in enumerate(signal):
        if value:
            parts[part.format(k)] = k, value * kernel
    figure = DescribedFigure("", 8, 3.2)
    ax = figure.subplots()
    for k, (name, (first, heights)) in enumerate(parts.items()):
        bars = slice(first, first + len(kernel))
        ax.bar(
            range(first, first + len(kernel)),
            heights,
            bottom=total[bars],
            label=name,
            color=COLOURS[k % len(COLOURS)],
            hatch=HATCHES[k % len(HATCHES)],
            edgecolor="white",
        )
        total[bars] += heights
    ax.set(xlabel=x, ylabel=y, xticks=range(len(total)))
    ax.set(xlim=(-0.6, len(total) - 0.4), ylim=(0, 1.12 * total.max()))
    for position, height in enumerate(total):
        ax.text(position, height, f"{height:g}", ha="center", va="bottom")
    ax.legend()
    stacked = "; ".join(f"{name}: {_listed(heights)}" for name, (_, heights) in parts.items())
    figure.alt = f"{len(total)} bars: {_listed(total)}. They are stacked from {stacked}"
    return figure


def steps_and_curve(curve, sums, x="t"):
    """A curve, and approximations to it at some points.

    ``curve``: (xs, ys) of the curve, arrays of one length; ``sums``: name → (xs, ys) of each
    approximation; ``x``: what the horizontal axis means.

    >>> steps_and_curve(([0, 1], [0, 1]), {"step 1": ([0, 1], [0, 2])})
    <Figure: A curve, and what approximates it. step 1: at most 1.00 away>
    """
    xs, ys = curve
    away = {name: np.abs(np.interp(at, xs, ys) - of).max() for name, (at, of) in sums.items()}
    words = "; ".join(f"{name}: at most {distance:.2f} away" for name, distance in away.items())
    figure = DescribedFigure(f"A curve, and what approximates it. {words}", 8, 3.2)
    ax = figure.subplots()
    ax.plot(xs, ys, color="black", lw=2, label="integral")
    for k, (name, (at, of)) in enumerate(sums.items()):
        ax.plot(
            at,
            of,
            MARKERS[k % len(MARKERS)] + ":",
            color=COLOURS[k % len(COLOURS)],
            ms=5,
            label=name,
        )
    ax.set(xlabel=x, ylabel="value")
    ax.grid(alpha=0.3)
    ax.legend()
    return figure


def _listed(values):
    return ", ".join(f"{value:g}" for value in values)
