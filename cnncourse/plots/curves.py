"""Values over steps, side by side in one picture; and estimates with their margins."""

from itertools import cycle

from matplotlib.ticker import LogLocator, NullFormatter

from ..support import arguments
from ..support.checks import finite, numbers
from .figure import COLOURS, DescribedFigure

STYLES = ("o-", "s--", "^:", "D-.")


def curves(lines, xlabel, ylabel, logarithmic=False, alt=None):
    """Curves in one picture, each with its name.

    ``lines``: name → (x, y), two lists of equal length; ``xlabel``, ``ylabel``: what x and y mean;
    ``logarithmic``: whether the y axis is;
    ``alt``: what the picture shows. Raises ``ValueError`` where lengths differ, ``TypeError`` for
    what is no dict of pairs of numbers.

    >>> curves({"ours": ([0, 250], [2.3, 0.6]), "theirs": ([0, 250], [2.5, 0.6])}, "step", "cost")
    <Figure: cost over step: ours from 2.3 to 0.6; theirs from 2.5 to 0.6>
    """
    arguments.text(xlabel, "xlabel")
    arguments.text(ylabel, "ylabel")
    logarithmic = arguments.flag(logarithmic, "logarithmic")
    lines = arguments.mapping(lines, "lines", "pair (x, y)")
    lines = {name: _line(line, f"lines: {name!r}") for name, line in lines.items()}
    if alt is None:
        ends = [f"{name} from {y[0]:.3g} to {y[-1]:.3g}" for name, (_, y) in lines.items()]
        alt = f"{ylabel} over {xlabel}: {'; '.join(ends)}"
    figure = DescribedFigure(alt, 7, 3.6)
    ax = figure.subplots()
    for (name, (x, y)), style, colour in zip(lines.items(), cycle(STYLES), cycle(COLOURS)):
        ax.plot(x, y, style, color=colour, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if all(float(value).is_integer() for x, _ in lines.values() for value in x):
        ax.xaxis.get_major_locator().set_params(integer=True)  # no half epochs
    if logarithmic:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:g}")  # not as powers of ten
        ax.yaxis.set_minor_formatter(NullFormatter())
    ax.grid(alpha=0.3, which="both")
    ax.legend()
    return figure


def intervals(estimates, xlabel, alt=None):
    """Estimates as points, each with its confidence interval: one line for each.

    ``estimates``: name → (estimate, low, high); ``xlabel``: what is estimated; ``alt``: what
    the picture shows. Raises ``ValueError`` where an estimate lies outside its interval,
    ``TypeError`` for what is no dict of three numbers each.

    >>> intervals({"100 images": (99.0, 94.6, 99.8)}, "accuracy, %")
    <Figure: accuracy, %: 100 images: 99 (94.6 to 99.8)>
    """
    arguments.text(xlabel, "xlabel")
    estimates = arguments.mapping(estimates, "estimates", "(estimate, low, high)")
    for name, values in estimates.items():
        checked = finite(numbers(values, f"estimates, {name}"), f"estimates, {name}")
        if checked.shape != (3,):
            raise ValueError(
                f"estimates: {name!r} must be (estimate, low, high), got shape {checked.shape}"
            )
        estimate, low, high = estimates[name] = checked.tolist()
        if not low <= estimate <= high:
            raise ValueError(
                f"estimates: {name!r} must be (estimate, low, high) with low ≤ estimate ≤ high, "
                f"got {(estimate, low, high)}"
            )
    if alt is None:
        parts = [f"{name}: {e:.4g} ({low:.4g} to {high:.4g})" for name, (e, low, high) in
                 estimates.items()]  # fmt: skip
        alt = f"{xlabel}: {'; '.join(parts)}"
    figure = DescribedFigure(alt, 8, 1 + 0.5 * len(estimates))
    ax = figure.subplots()
    for row, (estimate, low, high) in enumerate(estimates.values()):
        margins = [[estimate - low], [high - estimate]]
        colour = COLOURS[row % len(COLOURS)]
        ax.errorbar(estimate, row, xerr=margins, fmt="o", color=colour, capsize=6, lw=2)
    ax.set_yticks(range(len(estimates)), estimates)
    ax.set(xlabel=xlabel, ylim=(len(estimates) - 0.5, -0.5))  # the first on top
    ax.grid(alpha=0.3, axis="x")
    return figure


def _line(line, name):
    """A pair (x, y) as two arrays of one length; a ``ValueError`` or ``TypeError`` names it."""
    if not isinstance(line, (tuple, list)) or len(line) != 2:
        raise TypeError(f"{name} must be a pair (x, y), got {arguments.described(line)}")
    x, y = numbers(line[0], f"{name}: x"), numbers(line[1], f"{name}: y")
    if x.ndim != 1 or x.shape != y.shape or not len(x):
        raise ValueError(
            f"{name} needs as many x as y, and at least one, got the shapes {x.shape} and {y.shape}"
        )
    return x, y
