"""Equivariance as a square: first the layer and then the shift, or the other way round."""

import numpy as np

from ...plots.figure import COLOURS, DescribedFigure
from ...plots.sign_colours import SIGNED_MAP

ARROW = COLOURS[0]


def commutative_square(image, feature_map, moved, map_of_moved):
    """Four pictures at the corners of a square, whose sides are "layer" and "shift".

    ``image``, ``moved``: (height, width), before and after the shift; ``feature_map`` and
    ``map_of_moved``: what the layer makes of each.

    >>> commutative_square([[1, 0]], [[1]], [[0, 1]], [[-1]])
    <Figure: Four pictures in a square. Upper left an image, upper right its feature map, lower left
    the image shifted, lower right the feature map of the shifted image. Arrows lead from image to
    map, "layer", and from above to below, "shift": both ways from the upper left to the lower right
    should end in the same picture>
    """
    corners = {
        (0, 0): ("image", np.asarray(image)),
        (0, 1): ("feature map", np.asarray(feature_map)),
        (1, 0): ("shifted image", np.asarray(moved)),
        (1, 1): ("map of the shifted image\n= shifted map", np.asarray(map_of_moved)),
    }
    figure = DescribedFigure(
        "Four pictures in a square. Upper left an image, upper right its feature map, lower left "
        "the image shifted, lower right the feature map of the shifted image. Arrows lead from "
        'image to map, "layer", and from above to below, "shift": both ways from the upper left to '
        "the lower right should end in the same picture",
        6.4,
        5.4,
    )
    figure.set_layout_engine(None)  # the arrows lie in the figure, not in its axes
    limit = max(np.abs(corners[row, 1][1]).max() for row in (0, 1)) or 1
    for (row, column), (title, picture) in corners.items():
        ax = figure.add_axes((0.06 + 0.55 * column, 0.57 - 0.53 * row, 0.33, 0.37))
        if column:
            ax.imshow(picture, cmap=SIGNED_MAP, vmin=-limit, vmax=limit)
        else:
            ax.imshow(picture, cmap="gray")
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, fontsize=11)
    for y in (0.755, 0.225):
        _arrow(figure, (0.41, y), (0.59, y), "layer", (0.5, y + 0.02))
    for x in (0.225, 0.775):
        _arrow(figure, (x, 0.55), (x, 0.48), "shift", (x + 0.07, 0.515))
    return figure


def _arrow(figure, start, end, text, at):
    where = {"xycoords": "figure fraction", "textcoords": "figure fraction"}
    look = {"arrowstyle": "-|>", "lw": 2, "color": ARROW}
    figure.axes[0].annotate("", end, start, arrowprops=look, annotation_clip=False, **where)
    figure.text(*at, text, ha="center", va="bottom" if start[1] == end[1] else "center", size=11)
