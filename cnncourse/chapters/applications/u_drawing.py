"""The segmenter, drawn as the U that its maps make."""

from ...plots.boxes import BLUE, GREEN, ORANGE, arrow, box
from ...plots.figure import DescribedFigure

ALT = (
    "A network drawn as a U. Encoder, downwards: 64×64×16, pooling to 32×32×32, pooling to "
    "16×16×48. Decoder, upwards: upsampling to 32×32×16, upsampling to 64×64×16, and a class for "
    "each pixel, 64×64×9. At 64×64 and at 32×32 a skip connection goes from the encoder across to "
    "the decoder, to a plus sign in front of it"
)
HIGH, MIDDLE, LOW = 0, -2.2, -4.4  # the rows: each with maps half as large as those above
ENCODER, SUM, DECODER, LAST = 0, 4.2, 7, 11  # the columns
SIDE, HEIGHT = 1.4, 0.75  # from a box's centre to where an arrow begins


def u_shape():
    """The encoder on the left, the decoder on the right, skip connections across.

    >>> u_shape().alt[:24]
    'A network drawn as a U. '
    """
    figure = DescribedFigure(ALT, 9, 3.6)
    ax = figure.subplots()
    for y, sides in ((HIGH, "64×64"), (MIDDLE, "32×32")):
        box(ax, (ENCODER, y), f"{sides}×{16 if y == HIGH else 32}", BLUE)
        box(ax, (SUM, y), "+", ORANGE, width=0.8, height=0.8)
        box(ax, (DECODER, y), f"{sides}×16", GREEN)
        arrow(ax, (ENCODER + SIDE, y), (SUM - 0.5, y), width=2)
        ax.text((ENCODER + SIDE + SUM) / 2, y + 0.15, "skip connection", ha="center", va="bottom")
        arrow(ax, (SUM + 0.5, y), (DECODER - SIDE, y))
        arrow(ax, (ENCODER, y - HEIGHT), (ENCODER, y - 2.2 + HEIGHT))
        ax.text(ENCODER - 0.2, y - 1.1, "pooling", ha="right", va="center")
    box(ax, (ENCODER, LOW), "16×16×48", BLUE)
    arrow(ax, (ENCODER + SIDE, LOW), (SUM, MIDDLE - 0.45))
    ax.text(SUM - 0.8, LOW + 0.7, "upsampling", ha="left", va="center")
    arrow(ax, (DECODER, MIDDLE + HEIGHT), (SUM + 0.1, HIGH - 0.45))
    ax.text(DECODER - 0.6, MIDDLE + 1.25, "upsampling", ha="left", va="center")
    box(ax, (LAST, HIGH), "64×64×9", GREEN)
    arrow(ax, (DECODER + SIDE, HIGH), (LAST - SIDE, HIGH))
    ax.set(xlim=(ENCODER - 2.2, LAST + 1.5), ylim=(LOW - 0.8, HIGH + 0.9))
    ax.axis("off")
    return figure
