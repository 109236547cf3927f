"""A filter on an image with channels, as boxes."""

from matplotlib.patches import Polygon

from ...plots.figure import COLOURS, DescribedFigure

BLUE, ORANGE, GREEN = COLOURS[:3]
SLANT = (0.55, -0.4)  # where one step in depth goes on the paper


def volume(size=32, window=5, channels=3, filters=4):
    """How a filter of ``window``×``window``×``channels`` makes one map, and several make several.

    ``size``: pixels along each side of the image. Sizes on the paper are not to scale in depth.
    Raises ``ValueError`` for a window that does not fit.

    >>> volume(32, 5, 3, 4).alt[:35]
    'An image of 32×32×3 as a box. In it'
    """
    out = size - window + 1
    if not 1 <= window <= size:
        raise ValueError(f"a window of {window} does not fit on an image of {size} pixels")
    figure = DescribedFigure(
        f"An image of {size}×{size}×{channels} as a box. In it a small box of "
        f"{window}×{window}×{channels}, as deep as the image: what one filter sees at one "
        f"position. It gives one value in a map of {out}×{out}; {filters} filters give "
        f"{filters} maps, a box of {out}×{out}×{filters}",
        9,
        3.6,
    )
    ax = figure.subplots()
    scale = 10 / size
    deep = 1.6
    maps = 0.5 * filters
    _box(ax, 0, 0, 10, 10, deep, BLUE, 0.25)
    side = max(window * scale, 1.4)
    _box(ax, 2, 5.2, side, side, deep, ORANGE, 0.9)
    left = 19
    small = out * scale
    top = (10 - small) / 2
    for k in reversed(range(filters)):
        x, y = left + k * SLANT[0] * 1.3, top + k * SLANT[1] * 1.3
        _face(ax, x, y, small, small, GREEN if k == 0 else "0.8", 1)
    target = (left + 2.2, top + 5.2)
    _face(ax, *target, 0.45, 0.45, ORANGE, 1)
    ax.annotate(
        "",
        (target[0] - 0.1, target[1] + 0.2),
        (2 + side + deep * SLANT[0] + 0.1, 5.2 + side / 2),
        arrowprops={"arrowstyle": "->", "lw": 1.6},
    )
    products = window * window * channels
    notes = {
        (5, 11): f"image: {size}×{size}×{channels}",
        (14, 11.6): f"one of {filters} filters: {window}×{window}×{channels}\n"
        f"{products} products + bias\n= one value",
        (left + small / 2 + 0.6, 11): f"{filters} feature maps: {out}×{out}×{filters}",
    }
    for (x, y), note in notes.items():
        ax.text(x, y, note, ha="center", va="center", fontsize=11)
    ax.set(xlim=(-0.3, left + small + maps + 1), ylim=(12.8, -2.2))
    ax.set_aspect("equal")
    ax.axis("off")
    return figure


def _face(ax, x, y, width, height, colour, alpha):
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    ax.add_patch(Polygon(corners, fc=colour, ec="black", lw=1, alpha=alpha))


def _box(ax, x, y, width, height, depth, colour, alpha):
    """A box: its front at (x, y), with a top and a right side ``depth`` deep."""
    across, up = depth * SLANT[0], depth * SLANT[1]
    right = x + width
    top = [(x, y), (right, y), (right + across, y + up), (x + across, y + up)]
    side = [(right, y), (right + across, y + up), (right + across, y + up + height),
            (right, y + height)]  # fmt: skip
    _face(ax, x, y, width, height, colour, alpha)
    for corners in top, side:
        ax.add_patch(Polygon(corners, fc=colour, ec="black", lw=1, alpha=alpha))
