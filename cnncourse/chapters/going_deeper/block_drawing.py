"""A plain pair of convolutions and a residual block, side by side."""

from ...plots.boxes import BLUE, GREEN, ORANGE, RED, arrow, box
from ...plots.figure import DescribedFigure

TOP, STEP, SUM = 7.6, 1.75, 2.35  # where the first box is, how far to the next, and the sum
SIDE = 2.6  # how far beside the boxes the shortcut goes


def residual_block():
    """Two convolutions, and the same two with a shortcut past them.

    >>> residual_block().alt.partition(":")[0]
    'Two blocks, from the input on top to the output below'
    """
    figure = DescribedFigure(
        "Two blocks, from the input on top to the output below: on the left x goes through a "
        "convolution, ReLU, a convolution and ReLU; on the right a shortcut carries x past both "
        "convolutions to a sum, F(x) + x, behind which is the last ReLU",
        8,
        4.6,
    )
    for ax, with_shortcut in zip(figure.subplots(1, 2), (False, True), strict=True):
        _draw(ax, with_shortcut)
    return figure


def _draw(ax, with_shortcut):
    words = ["convolution", "ReLU", "convolution"]
    colours = [BLUE, ORANGE, BLUE]
    heights = [TOP - STEP * k for k in range(3)]
    ax.text(0, TOP + 1.55, "x", ha="center", va="bottom", fontsize=13)
    arrow(ax, (0, TOP + 1.5), (0, TOP + 0.55))
    for word, colour, height in zip(words, colours, heights, strict=True):
        box(ax, (0, height), word, colour, width=3, height=1.1)
    for height in heights[:2]:
        arrow(ax, (0, height - 0.55), (0, height - STEP + 0.55))
    last = SUM - STEP if with_shortcut else SUM
    if with_shortcut:
        arrow(ax, (0, heights[2] - 0.55), (0, SUM + 0.5))
        ax.text(0.2, (heights[2] - 0.55 + SUM + 0.5) / 2, "F(x)", va="center", fontsize=12)
        box(ax, (0, SUM), "+", GREEN, width=1, height=1)
        ax.plot([0, SIDE, SIDE], [TOP + 1.1, TOP + 1.1, SUM], color=RED, lw=2.4)
        arrow(ax, (SIDE, SUM), (0.5, SUM), RED, 2.4)
        ax.text(SIDE + 0.2, (TOP + SUM) / 2, "x, the shortcut", rotation=90, va="center",
                fontsize=12, color=RED)  # fmt: skip
        arrow(ax, (0, SUM - 0.5), (0, last + 0.55))
    else:
        arrow(ax, (0, heights[2] - 0.55), (0, last + 0.55))
    box(ax, (0, last), "ReLU", ORANGE, width=3, height=1.1)
    arrow(ax, (0, last - 0.55), (0, last - 1.4))
    title = "residual: F(x) + x" if with_shortcut else "plain: F(x)"
    ax.text(0, TOP + 2.5, title, ha="center", va="bottom", fontsize=12)
    ax.set(xlim=(-2.2, 4), ylim=(-1.0, TOP + 3.2))
    ax.set_aspect("equal")
    ax.axis("off")
