"""How large the gradient is at each convolution, for networks of several depths."""

from matplotlib.ticker import LogLocator, NullLocator

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("o-", "s--", "^:", "D-.")


def gradients_by_layer(norms):
    """A panel for each kind of network, in it a line for each depth: norms on a scale of powers.

    ``norms``: name of a kind → depth → the norm of the gradient of each convolution's weights, the
    first convolution first.

    >>> gradients_by_layer({"plain": {2: [0.001, 0.01]}, "residual": {2: [0.1, 0.2]}})
    <Figure: Norm of the gradient of each convolution's weights. plain: depth 2 from 1e-03 to 1e-02.
    residual: depth 2 from 1e-01 to 2e-01>
    """
    parts = [
        f"{name}: "
        + ", ".join(f"depth {k} from {row[0]:.0e} to {row[-1]:.0e}" for k, row in of.items())
        for name, of in norms.items()
    ]
    alt = f"Norm of the gradient of each convolution's weights. {'. '.join(parts)}"
    figure = DescribedFigure(alt, 6 if len(norms) == 1 else 10, 3.6)
    axes = figure.subplots(1, len(norms), sharey=True, squeeze=False)[0]
    for ax, (name, of) in zip(axes, norms.items(), strict=True):
        for (depth, row), style, colour in zip(of.items(), STYLES, COLOURS, strict=False):
            ax.plot(range(1, len(row) + 1), row, style, color=colour, ms=4, label=f"depth {depth}")
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(numticks=20))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.set(title=name, xlabel="convolution, from the image on")
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("norm of the gradient")
    axes[-1].legend()
    return figure
