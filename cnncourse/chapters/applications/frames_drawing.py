"""Boxes drawn over images."""

from matplotlib.patches import Rectangle

from ...plots.figure import COLOURS, DescribedFigure, rows_and_columns

YELLOW = "#F0E442"  # the eighth of Okabe & Ito's colours
CLASS_COLOURS = (*COLOURS[1:6], YELLOW, COLOURS[0], "white")  # seen on photographs
LINE = 0.3  # inches: a title
HIGH = 5  # pixels that the words need above a box; where there are fewer, they go inside


def frames(images, boxes, class_names, titles=None, columns=4, alt=None, size=2.2):
    """Images with a frame for each box, in its class's colour, and the class written above.

    ``images``: (N, height, width, 3) from 0 to 1; ``boxes``: for each, rows of top, left, bottom,
    right, class and, if it was found and not known, the confidence, which is written, too;
    ``titles``: a text for each image; ``columns``: images in a row; ``alt``: what the picture
    shows; ``size``: inches that an image is wide.

    >>> import numpy as np
    >>> frames(np.zeros((1, 8, 8, 3)), [[(1, 1, 6, 7, 1, 0.875)]], ["background", "cat"])
    <Figure: Frames on 1 image: cat 0.88>
    """
    listed = "; ".join(
        ", ".join(_words(row, class_names) for row in rows) or "none" for rows in boxes
    )
    alt = alt or f"Frames on {len(images)} image{'s' if len(images) > 1 else ''}: {listed}"
    rows, columns = rows_and_columns(len(images), columns)
    height = size * images.shape[1] / images.shape[2]
    above = 0 if titles is None else LINE
    figure = DescribedFigure(alt, columns * size, rows * (height + above))
    for number, ax in enumerate(figure.panels(rows, columns, len(images))):
        ax.imshow(images[number], interpolation="nearest")
        ax.axis("off")
        if titles is not None:
            ax.set_title(titles[number], fontsize=9)
        for row in boxes[number]:
            _frame(ax, row, _words(row, class_names))
    return figure


def _frame(ax, row, words):
    top, left, bottom, right, number = row[:5]
    colour = CLASS_COLOURS[(int(number) - 1) % len(CLASS_COLOURS)]
    corner = left - 0.5, top - 0.5  # a pixel's centre is its number
    ax.add_patch(Rectangle(corner, right - left, bottom - top, fill=False, ec=colour, lw=2))
    style = {"fc": "black", "ec": "none", "alpha": 0.6, "pad": 1}
    side = "bottom" if top >= HIGH else "top"
    ax.text(*corner, words, color="white", fontsize=8, va=side, bbox=style, clip_on=True)


def _words(row, class_names):
    """The class, and the confidence if there is one."""
    name = class_names[int(row[4])]
    return f"{name} {row[5]:.2f}" if len(row) > 5 else name
