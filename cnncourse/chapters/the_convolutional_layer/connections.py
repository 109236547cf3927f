"""Which inputs an output is connected with: fully, locally, and in a convolutional layer."""

from ...plots.figure import COLOURS, DescribedFigure

STYLES = ("-", "--", ":", "-.")


def connections(inputs=7, window=3):
    """Three layers in one dimension, every weight a line: full, local, and convolutional.

    ``inputs``: how many values come in; ``window``: how many of them an output of the local and the
    convolutional layer sees. In the third picture, lines of the same colour and style are the same
    weight. Raises ``ValueError`` for a window that does not fit.

    >>> connections(5, 3)
    <Figure: 5 inputs and 3 outputs, three times. Full: each output has a weight for every input, 15
    weights. Local: each output has weights for 3 neighbours, 9 weights. Convolutional: all outputs
    have the same weights for their neighbours, 3 weights>
    """
    units = inputs - window + 1
    if not 1 <= window <= inputs:
        raise ValueError(f"a window of {window} does not fit on {inputs} inputs")
    counts = {"Full": inputs * units, "Local": units * window, "Convolutional": window}
    figure = DescribedFigure(
        f"{inputs} inputs and {units} outputs, three times. Full: each output has a weight for "
        f"every input, {counts['Full']} weights. Local: each output has weights for {window} "
        f"neighbours, {counts['Local']} weights. Convolutional: all outputs have the same weights "
        f"for their neighbours, {window} weights",
        10,
        2.8,
    )
    for ax, (name, count) in zip(figure.subplots(1, 3), counts.items(), strict=True):
        for unit in range(units):
            for position in range(inputs):
                cell = position - unit
                inside = 0 <= cell < window
                look = {"color": "0.45", "lw": 1}
                if name == "Convolutional":
                    look = {"color": COLOURS[cell % 5], "lw": 2.2, "ls": STYLES[cell % len(STYLES)]}
                if inside or name == "Full":
                    ax.plot([position, unit + (window - 1) / 2], [0, 1], zorder=1, **look)
        ax.scatter(range(inputs), [0] * inputs, s=170, c="white", ec="black", zorder=2)
        centres = [unit + (window - 1) / 2 for unit in range(units)]
        ax.scatter(centres, [1] * units, s=170, c="0.75", ec="black", zorder=2)
        ax.set_title(f"{name}: {count} weights", fontsize=12)
        ax.set(ylim=(-0.25, 1.25), xlim=(-0.6, inputs - 0.4))
        ax.axis("off")
    return figure
