"""How large the gradient is at each layer of a deep network."""

from matplotlib.ticker import LogLocator, MultipleLocator, NullLocator

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("o:", "s--", "^-", "D-.")


def gradient_sizes(sizes):
    """The mean size of a weight's gradient in each layer, in powers of ten.

    ``sizes``: name → a value for each layer with weights, the first layer first.

    >>> gradient_sizes({"sigmoid": [0.0001, 0.01]})
    <Figure: Mean size of a weight's gradient, from layer 1 to layer 2. sigmoid: from 1e-04 to
    1e-02>
    """
    layers = max(map(len, sizes.values()))
    parts = [f"{name}: from {values[0]:.0e} to {values[-1]:.0e}" for name, values in sizes.items()]
    figure = DescribedFigure(
        f"Mean size of a weight's gradient, from layer 1 to layer {layers}. {'; '.join(parts)}",
        7,
        3.8,
    )
    ax = figure.subplots()
    for k, (name, values) in enumerate(sizes.items()):
        style = STYLES[k % len(STYLES)]
        ax.plot(range(1, len(values) + 1), values, style, color=COLOURS[k], label=name)
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(numticks=20))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_locator(MultipleLocator(1))
    ax.set(xlabel="layer, from the image on", ylabel="mean size of a weight's gradient")
    ax.grid(alpha=0.3)
    ax.legend()
    return figure
