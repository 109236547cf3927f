"""What one value sees through convolutions in a row, whose windows have gaps or none."""

from ...plots.figure import COLOURS, DescribedFigure


def seen_through_gaps(rows):
    """The columns that one value depends on, through convolutions whose windows may have gaps.

    ``rows``: name → convolutions, the first one first, with strides of 1 and odd windows. A panel
    for each: the image at the bottom, the outputs of the convolutions above it; what the value on
    top depends on is filled.

    >>> from cnncourse.layers import Conv2D
    >>> rows = {"without gaps": [Conv2D(8, 3), Conv2D(8, 3)],
    ...         "with gaps": [Conv2D(8, 3), Conv2D(8, 3, dilation_rate=2)]}
    >>> seen_through_gaps(rows)
    <Figure: Columns that one value depends on, from the last convolution down to the image. without
    gaps: 1, 3, 5; with gaps: 1, 3, 7>
    """
    levels = {name: _levels(layers) for name, layers in rows.items()}
    counts = (
        f"{name}: {', '.join(str(len(level)) for level in of)}" for name, of in levels.items()
    )
    figure = DescribedFigure(
        "Columns that one value depends on, from the last convolution down to the image. "
        + "; ".join(counts),
        10,
        0.8 + 0.6 * max(map(len, levels.values())),
    )
    reach = max(max(level) for of in levels.values() for level in of) + 1
    axes = figure.subplots(1, len(rows), squeeze=False)[0]
    for ax, (name, of), layers in zip(axes, levels.items(), rows.values(), strict=True):
        _draw(ax, of, layers, reach)
        ax.set_title(f"{name}: {len(of[-1])} pixels", fontsize=11)
    return figure


def _levels(layers):
    """The columns that column 0 of the last layer depends on, from there down to the image."""
    levels = [[0]]
    for layer in reversed(layers):
        levels.append(sorted({at + cell for at in levels[-1] for cell in _cells(layer)}))
    return levels


def _cells(layer):
    """The columns of a window's cells, its middle at 0."""
    reach = layer.window[1] // 2
    return range(-reach, reach + 1, layer.dilation_rate[1])


def _draw(ax, levels, layers, reach):
    every = range(-reach, reach + 1)
    for height, level in enumerate(reversed(levels)):
        ax.plot(every, [height] * len(every), "o", color="0.85", ms=7)
        if height:
            for at in level:
                for cell in _cells(layers[height - 1]):
                    ax.plot([at, at + cell], [height, height - 1], color="0.5", lw=0.8)
        ax.plot(level, [height] * len(level), "o", color=COLOURS[height % 3], ms=7)
        name = f"convolution {height}" if height else "image"
        ax.text(-reach - 0.8, height, name, ha="right", va="center", fontsize=10)
    ax.set(xlim=(-reach - 8, reach + 0.5), ylim=(-0.4, len(levels) - 0.6))
    ax.axis("off")
