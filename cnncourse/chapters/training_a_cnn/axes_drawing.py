"""Which values of a batch share a mean in batch normalisation."""

from matplotlib.patches import Rectangle

from ...plots.boxes import BLUE, GREEN, ORANGE
from ...plots.figure import DescribedFigure

IMAGES, SIDE, GAP = 4, 4, 1.2  # images of the drawn batch, pixels along a side, cells between
CHANNELS = {"channel 1": BLUE, "channel 2": ORANGE, "channel 3": GREEN}


def normalised_axes():
    """A batch of images with three channels: one colour for all values that share a mean.

    >>> normalised_axes().alt[:49]
    'A batch of 4 images, each with 3 channels of 4×4 '
    """
    figure = DescribedFigure(
        f"A batch of {IMAGES} images, each with {len(CHANNELS)} channels of {SIDE}×{SIDE} "
        f"positions. All {IMAGES * SIDE * SIDE} values of one channel, over all images and all "
        "positions, have one colour: they share one mean, one standard deviation, one γ and one "
        "β. Each channel has its own.",
        9,
        4,
    )
    ax = figure.subplots()
    step = SIDE + GAP
    for row, (name, colour) in enumerate(CHANNELS.items()):
        y = row * step
        for image in range(IMAGES):
            _map(ax, image * step, y, colour)
        ax.text(-0.5, y + SIDE / 2, name, ha="right", va="center", fontsize=11)
        edge = IMAGES * step - GAP + 0.4
        ax.add_patch(
            Rectangle((-0.3, y - 0.3), edge + 0.2, SIDE + 0.6, fill=False, ec=colour, lw=2)
        )
        note = f"→ mean, standard deviation, γ, β of {name}"
        ax.text(edge + 0.5, y + SIDE / 2, note, ha="left", va="center", fontsize=11)
    for image in range(IMAGES):
        ax.text(image * step + SIDE / 2, -0.7, f"image {image + 1}", ha="center", fontsize=11)
    ax.set(xlim=(-5, IMAGES * step + 15), ylim=(len(CHANNELS) * step - 0.4, -2))
    ax.set_aspect("equal")
    ax.axis("off")
    return figure


def _map(ax, x, y, colour):
    """The positions of one channel of one image."""
    for i in range(SIDE):
        for j in range(SIDE):
            ax.add_patch(Rectangle((x + j, y + i), 1, 1, fc=colour, ec="white", alpha=0.55))
