"""How long a step takes with more and more workers, measured and simulated."""

from matplotlib.ticker import LogLocator, NullFormatter

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("-", "--", ":", "-.")


def scaling(lines, points=None):
    """Milliseconds of a step over the number of workers, both on logarithmic scales.

    ``lines``: name → {workers: seconds}; ``points``: measured ones in the same form, drawn as dots.

    >>> scaling({"ours": {1: 0.1, 2: 0.06}}, {"measured": {1: 0.11}})
    <Figure: Milliseconds of a step by workers. ours: 1 100, 2 60. measured: 1 110>
    """
    points = points or {}
    words = [
        f"{name}: {', '.join(f'{k} {1000 * seconds:.3g}' for k, seconds in _few(of).items())}"
        for name, of in (lines | points).items()
    ]
    figure = DescribedFigure(f"Milliseconds of a step by workers. {'. '.join(words)}", 8, 3.8)
    ax = figure.subplots()
    for (name, of), style, colour in zip(lines.items(), STYLES, COLOURS, strict=False):
        ax.plot(list(of), [1000 * s for s in of.values()], style, color=colour, label=name)
    for (name, of), colour in zip(points.items(), COLOURS, strict=False):
        ax.plot(list(of), [1000 * s for s in of.values()], "o", color=colour, label=name)
    ax.set(xscale="log", yscale="log", xlabel="workers", ylabel="milliseconds of a step")
    for axis in ax.xaxis, ax.yaxis:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter(NullFormatter())
    ax.grid(alpha=0.3, which="both")
    ax.legend()
    return figure


def _few(of):
    """At most eight of the points, the first and the last among them: a text has no more room."""
    every = -(-len(of) // 8)
    chosen = [*list(of)[::every], list(of)[-1]]
    return {workers: of[workers] for workers in dict.fromkeys(chosen)}
