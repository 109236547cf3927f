"""Drawings of boxes, cells and arrows, which explain and look the same on every machine."""

from matplotlib.patches import FancyBboxPatch, Rectangle

from .figure import COLOURS

BLUE, ORANGE, GREEN, PURPLE, RED, SKY = COLOURS[:6]
PALE = "0.93"  # grey, for what a drawing is not about


def box(ax, centre, text, colour, width=2.6, height=1.3):
    """A box with round corners about ``centre``, (x, y), and ``text`` in it."""
    corner = centre[0] - width / 2, centre[1] - height / 2
    style = "round,pad=0,rounding_size=0.2"
    ax.add_patch(FancyBboxPatch(corner, width, height, style, fc=colour, ec="0.25", alpha=0.6))
    ax.text(*centre, text, ha="center", va="center", fontsize=12)


def arrow(ax, start, end, colour="black", width=1.2):
    """An arrow from ``start`` to ``end``, (x, y) each, ``width`` points wide."""
    style = {"arrowstyle": "-|>", "lw": width, "color": colour, "mutation_scale": 8 * width}
    ax.annotate("", end, start, arrowprops=style)


def cell(ax, x, y, colour, text="", width=1.0, height=1.0, alpha=1.0):
    """A cell with a corner at (x, y), and ``text`` in ink that can be read on its colour."""
    ax.add_patch(Rectangle((x, y), width, height, fc=colour, ec="white", lw=1, alpha=alpha))
    ink = "white" if colour == BLUE and alpha == 1 else "black"
    ax.text(x + width / 2, y + height / 2, text, ha="center", va="center", fontsize=9, color=ink)


def limits(ax, left, right, height, title="", equal=False):
    """The limits of a drawing, in cells, without axes; rows count from the top.

    ``equal``: whether cells are to be square.
    """
    ax.set(xlim=(left - 0.05, right + 0.05), ylim=(height + 0.05, -0.15), xticks=[], yticks=[])
    if equal:
        ax.set_aspect("equal")
    ax.set_title(title, fontsize=11)
    ax.spines[:].set_visible(False)
