"""The loss of every step, for several trainings side by side."""

import numpy as np

from ..support import arguments
from ..support.checks import numbers
from .figure import COLOURS, DescribedFigure

SMOOTH = 15  # steps of the running median
PANEL, WIDEST = 3.1, 10  # inches: one panel, all of them
LOWEST, HIGHEST = 1e-3, 1e2  # of the drawn losses


def losses(runs, beside=None, level=None):
    """Losses step by step, a panel for each run, on one logarithmic scale.

    Each step's loss is pale, the running median of 15 steps strong. What is above 100 or below
    0.001 is not drawn: it would flatten all the rest.

    ``runs``: name → losses; ``beside``: the name of a run that every other panel shows in grey, to
    compare; ``level``: name → a loss that is marked by a dashed line. Raises ``ValueError`` for
    runs without a finite loss and for a ``beside`` that is no run, ``TypeError`` for no dict.

    >>> losses({"good": [2.3, 0.5, 0.5], "bad": [2.3, 2.3, 2.3]}, beside="good")
    <Figure: Losses of 3 steps. good: from 2.3 to 0.5, at most 2.3. bad: from 2.3 to 2.3, at most
    2.3>
    """
    runs = arguments.mapping(runs, "runs", "losses")
    runs = {name: _checked(losses, f"runs, {name}") for name, losses in runs.items()}
    if beside is not None:
        beside = arguments.one_of(beside, "beside", tuple(runs))
    if level is not None:
        level = arguments.mapping(level, "level", "loss")
        for text, height in level.items():
            arguments.real(height, f"level[{text!r}]", above=0)
    names = [name for name in runs if name != beside] if len(runs) > 1 else list(runs)
    alt = f"Losses of {max(map(len, runs.values()))} steps" + "".join(
        f". {name}: from {losses[0]:.1f} to {_median(losses)[-1]:.1f}, "
        f"at most {_two_digits(max(losses))}"
        for name, losses in runs.items()
    )
    figure = DescribedFigure(alt, min(WIDEST, 1 + PANEL * len(names)), 3)
    axes = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    everything = np.concatenate([_median(losses) for losses in runs.values()])
    bottom = max(LOWEST, 0.7 * np.nanmin(everything))
    top = min(HIGHEST, 1.5 * np.nanmax(np.concatenate(list(runs.values()))))
    for ax, name, colour in zip(axes, names, np.resize(COLOURS[:5], len(names)), strict=True):
        if beside is not None and name != beside:
            ax.plot(_median(runs[beside]), color="0.45", lw=1.6, label=beside)
        ax.plot(runs[name], color=colour, alpha=0.4, lw=1)
        ax.plot(_median(runs[name]), color=colour, lw=2.4)
        for text, height in (level or {}).items():
            ax.axhline(height, color="black", ls="--", lw=1, label=text)
        ax.set(xlabel="step", yscale="log", ylim=(bottom, top))
        ax.set_title(name, fontsize=11)
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("loss")
    if beside is not None or level:
        axes[-1].legend(fontsize=9, loc="best")
    return figure


def _checked(losses, name):
    """A run's losses as an array (steps,)."""
    array = numbers(losses, name)
    if array.ndim != 1 or not np.isfinite(array).any():
        raise ValueError(
            f"{name}: expected a loss for each step, (steps,), some of them finite, got shape "
            f"{array.shape}"
        )
    return array.astype(np.float64)


def _median(losses):
    """The median of each step and its neighbours, 7 on either side where there are as many."""
    half = SMOOTH // 2
    return np.array(
        [np.median(losses[max(0, k - half) : k + half + 1]) for k in range(len(losses))]
    )


def _two_digits(number):
    """2,500,000 for 2,549,217: the last digits of a spike differ from machine to machine."""
    return f"{float(f'{number:.2g}'):,.10g}"
