"""How large activations and gradients are in each layer."""

from ...plots.figure import COLOURS, DescribedFigure

MARKERS = "osD^v"


def draw_magnitudes(initializers):
    """Sizes of activations in the forward pass and of gradients in the backward pass, by layer.

    ``initializers``: name → what `magnitudes` gave.

    >>> from cnncourse.chapters.training_a_cnn import magnitudes
    >>> draw_magnitudes({"He": magnitudes("he_normal", depth=1)}).alt
    'Root mean squares through 1 layers. He: forward from 1 to 1, backward from 1 to 1'
    """
    depth = max(len(one.forward) for one in initializers.values()) - 1
    alt = f"Root mean squares through {depth} layers" + "".join(
        f". {name}: forward from {one.forward[0]:.0g} to {one.forward[-1]:.0g}, "
        f"backward from {one.backward[-1]:.0g} to {one.backward[0]:.0g}"
        for name, one in initializers.items()
    )
    figure = DescribedFigure(alt, 10, 3.4)
    titles = {"forward": "activations, forward →", "backward": "gradients, ← backward"}
    axes = figure.subplots(1, 2, sharey=True)
    for ax, (way, title) in zip(axes, titles.items(), strict=True):
        for (name, one), colour, marker in zip(
            initializers.items(), COLOURS, MARKERS, strict=False
        ):
            ax.plot(getattr(one, way), f"{marker}-", color=colour, label=name, ms=5)
        ax.set(yscale="log", xlabel="layer")
        ax.set_title(title, fontsize=11)
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("root mean square")
    axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure
