"""Two boxes, what they share, and their intersection over union."""

from matplotlib.patches import Rectangle

from ...plots.figure import COLOURS, DescribedFigure
from .boxes import iou

TRUE, FOUND, SHARED = COLOURS[0], COLOURS[4], "0.8"


def overlaps(true, found):
    """A picture for each of the boxes ``found``: with the ``true`` one, and what they share.

    ``true``: (4,); ``found``: (N, 4), of top, left, bottom and right.

    >>> overlaps((0, 0, 4, 4), [(0, 1, 4, 5), (0, 0, 2, 2)])
    <Figure: A true box and 2 others, each with what it shares with it. IoU 0.60; IoU 0.25>
    """
    titles = [f"IoU {value:.2f}" for value in iou(true, found)]
    alt = (
        f"A true box and {len(found)} others, each with what it shares with it. {'; '.join(titles)}"
    )
    figure = DescribedFigure(alt, 2.2 * len(found), 3.2)
    axes = figure.subplots(1, len(found), squeeze=False, sharex=True, sharey=True)[0]
    for ax, box, title in zip(axes, found, titles, strict=True):
        shared = [max(true[0], box[0]), max(true[1], box[1])]
        shared += [min(true[2], box[2]), min(true[3], box[3])]
        _draw(ax, shared, fc=SHARED)
        _draw(ax, true, fill=False, ec=TRUE, lw=3, label="true")
        _draw(ax, box, fill=False, ec=FOUND, lw=3, ls="--", label="found")
        ax.set_title(title, fontsize=11)
        ax.set_aspect("equal")
        ax.axis("off")
    ax.autoscale()
    ax.invert_yaxis()  # rows count from the top
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _draw(ax, box, **style):
    top, left, bottom, right = box
    if bottom > top and right > left:
        ax.add_patch(Rectangle((left, top), right - left, bottom - top, **style))
