"""Where a model's parameters are, and where its work is done."""

from math import prod

from ..model.summary import layer_shapes
from .figure import COLOURS, DescribedFigure

BYTES = 4  # of a float32 value
KIB = 1024  # bytes


def costs(model):
    """What each layer costs for one image, as bars: memory of its output, parameters, work.

    Work is counted in multiply-adds: multiplications with a weight, each with its addition. Memory
    is that of the layer's output in float32; training keeps it, for each image of the batch, until
    the backward pass. (Flatten's output is its input's memory, read in another way.)

    Raises ``TypeError`` for what is no model, ``ValueError`` for a model without layers or without
    shapes yet.

    >>> from cnncourse import Sequential, layers
    >>> costs(Sequential([layers.Flatten(), layers.Dense(10)], input_shape=(8, 8, 1)))
    <Figure: Costs of each layer. output, KiB: flatten_1 0.2, dense_1 0.0. parameters: flatten_1 0,
    dense_1 650, 650 in all. multiply-adds: flatten_1 0, dense_1 640, 640 in all>
    """
    shapes = layer_shapes(model)
    if not shapes:
        raise ValueError("model: expected at least one layer, got none; model.add(layers.…)")
    names = [layer.name for layer, _, _ in shapes]
    counts = {
        "output, KiB": [prod(after) * BYTES / KIB for _, _, after in shapes],
        "parameters": [layer.count_params() for layer, _, _ in shapes],
        "multiply-adds": [layer.multiply_adds(before) for layer, before, _ in shapes],
    }
    alt = "Costs of each layer" + "".join(
        f". {title}: {', '.join(map('{} {}'.format, names, map(_text, values)))}"
        f"{_sum(values, ', {} in all')}"
        for title, values in counts.items()
    )
    figure = DescribedFigure(alt, 10, 0.9 + 0.34 * len(names))
    axes = figure.subplots(1, len(counts), sharey=True)
    for ax, (title, values), colour in zip(axes, counts.items(), COLOURS, strict=False):
        ax.barh(range(len(names)), values, color=colour, height=0.65)
        for row, value in enumerate(values):
            ax.annotate(_text(value), (value, row), (4, 0), textcoords="offset points", va="center")
        ax.set_title(f"{title}{_sum(values, ' ({} in all)')}", fontsize=10.5)
        ax.set(xlim=(0, 1.4 * max([*values, 1e-9])), xticks=[])
        ax.spines[["top", "right", "bottom"]].set_visible(False)
    axes[0].set_yticks(range(len(names)), names)
    axes[0].set_ylim(len(names) - 0.4, -0.6)  # the first layer on top
    return figure


def _sum(values, form):
    """The sum of counts in words; sums of memory would count what Flatten reads twice."""
    return form.format(_text(sum(values))) if isinstance(values[0], int) else ""


def _text(value):
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
