"""Convergence: the steps of training that networks took, over the learning rate."""

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from ...plots.figure import COLOURS, DescribedFigure

MARKS = ("o", "s", "^", "D")


def convergence(steps, goal):
    """A dot for each run, and a line through the means of each kind.

    ``steps``: name → learning rate → the steps of each run, None where it did not get there; such
    a run is a cross on the upper edge, and counts in no mean. ``goal``: what was to be reached.

    >>> convergence({"tanh": {0.1: [30, 50], 1.0: [20, None]}}, "80 %")
    <Figure: Steps to 80 %, over the learning rate. tanh: 0.1: 40 on average; 1: 20 on average, 1 of
    2 runs did not get there>
    """
    alt = f"Steps to {goal}, over the learning rate"
    for name, rates in steps.items():
        alt += f". {name}: " + "; ".join(_words(rate, runs) for rate, runs in rates.items())
    figure = DescribedFigure(alt, 7, 3.8)
    ax = figure.subplots()
    arrived = [run for rates in steps.values() for runs in rates.values() for run in _in(runs)]
    top = 1.12 * max(arrived, default=1)
    for k, (name, rates) in enumerate(steps.items()):
        look = {"color": COLOURS[k], "marker": MARKS[k % len(MARKS)]}
        means = {rate: np.mean(_in(runs)) for rate, runs in rates.items() if _in(runs)}
        ax.plot(list(means), list(means.values()), lw=2, label=name, **look)
        for rate, runs in rates.items():
            ax.plot([rate] * len(_in(runs)), _in(runs), ls="", alpha=0.35, **look)
            if None in runs:
                ax.plot([rate], [top], "x", color=COLOURS[k], ms=9, clip_on=False)
    ticks = sorted({rate for rates in steps.values() for rate in rates})
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set(xlabel="learning rate", ylabel=f"steps to {goal}", ylim=(0, top))
    ax.grid(alpha=0.3)
    ax.legend()
    return figure


def _in(runs):
    """The runs that got there."""
    return [run for run in runs if run is not None]


def _words(rate, runs):
    there = _in(runs)
    parts = [f"{np.mean(there):.0f} on average"] if there else []
    if len(there) < len(runs):
        parts.append(f"{len(runs) - len(there)} of {len(runs)} runs did not get there")
    return f"{rate:g}: {', '.join(parts)}"
