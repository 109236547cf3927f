"""How large activations and gradients are in each layer of a deep network."""

from ...plots.figure import COLOURS, DescribedFigure

MARKERS = "osD^v"


def sizes_by_layer(sizes):
    """Root mean squares of activations in the forward pass and of gradients in the backward pass.

    ``sizes``: name → (forward, backward), two lists with a value for the input and one for each
    layer's output.

    >>> sizes_by_layer({"He": ([1.0, 0.9], [1.1, 1.0])})
    <Figure: Root mean squares through 1 layers. He: forward from 1 to 0.9, backward from 1 to 1>
    """
    depth = max(len(forward) for forward, _ in sizes.values()) - 1
    alt = f"Root mean squares through {depth} layers" + "".join(
        f". {name}: forward from {forward[0]:.0g} to {forward[-1]:.0g}, "
        f"backward from {backward[-1]:.0g} to {backward[0]:.0g}"
        for name, (forward, backward) in sizes.items()
    )
    figure = DescribedFigure(alt, 10, 3.4)
    axes = figure.subplots(1, 2, sharey=True)
    for (name, pair), colour, marker in zip(sizes.items(), COLOURS, MARKERS, strict=False):
        for ax, values in zip(axes, pair, strict=True):
            ax.plot(values, f"{marker}-", color=colour, label=name, ms=5)
    titles = "activations, forward →", "gradients, ← backward"
    for ax, title in zip(axes, titles, strict=True):
        ax.set(yscale="log", xlabel="layer (0 is the input)")
        ax.set_title(title, fontsize=11)
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("root mean square")
    axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure
