"""Drawings that explain: the same on every machine."""

from matplotlib.patches import Rectangle

from ...plots.boxes import BLUE, GREEN, ORANGE, PALE, RED, arrow, cell, limits
from ...plots.figure import DescribedFigure


def loop_orders():
    """A kernel of 5 channels × 8 filters in memory, and two ways to walk through it.

    >>> loop_orders().alt[:55]
    'Two walks through weights that lie in memory row by row'
    """
    figure = DescribedFigure(
        "Two walks through weights that lie in memory row by row, a row for each channel. "
        "With channels innermost, each step jumps over a whole row; "
        "with filters innermost, each step goes to the next weight.",
        9,
        3.4,
    )
    channels, filters = 5, 8
    walks = {
        "channels innermost: every step is a jump": [(c, 0) for c in range(channels)],
        "filters innermost: every step goes to the neighbour": [(0, o) for o in range(filters)],
    }
    grid = figure.subplots(2, 2, height_ratios=(4, 1))
    for (above, below), (title, walk) in zip(grid.T, walks.items(), strict=True):
        for c in range(channels):
            for o in range(filters):
                colour = ORANGE if (c, o) in walk else PALE
                cell(above, o, c, colour, str(c * filters + o))
        for (c, o), (d, p) in zip(walk[:-1], walk[1:], strict=True):
            arrow(above, (o + 0.8, c + 0.8), (p + 0.8, d + 0.8))
        limits(above, 0, filters, channels, title, equal=True)
        above.set_ylabel("channel")
        above.set_xlabel("filter")
        for k in range(channels * filters):
            cell(below, k, 0, ORANGE if divmod(k, filters) in walk else PALE, height=4)
        limits(below, 0, channels * filters, 4, "the same in memory", equal=True)
    return figure


def window_runs():
    """A window of 3×3 on an image with 2 channels, and where its values lie in memory.

    >>> window_runs().alt[:50]
    'A window of 3×3 pixels on an image with 2 channels'
    """
    figure = DescribedFigure(
        "A window of 3×3 pixels on an image with 2 channels, and the same in memory: each row of "
        "the window is one run of 6 neighbouring values. The window one column farther right "
        "starts 2 values later, in all three runs.",
        9,
        3.2,
    )
    width = 6
    channels = 2
    rows = 3
    start = 1  # the first column of the window
    image, memory = figure.subplots(1, 2, width_ratios=(1, 2.1))
    run = range(start, start + 3)
    for h in range(rows):
        for w in range(width):
            cell(image, w, h, BLUE if w in run else PALE)
    image.add_patch(Rectangle((start + 1, 0), 3, rows, fill=False, ec=RED, lw=3))
    limits(image, 0, width, rows, "three rows of an image", equal=True)
    for h in range(rows):
        for w in range(width):
            for c in range(channels):
                index = w * channels + c
                cell(memory, index, 1.6 * h, BLUE if w in run else PALE, f"{w}{'ab'[c]}")
        first = (start + 1) * channels
        box = Rectangle((first, 1.6 * h), 3 * channels, 1, fill=False, ec=RED, lw=3, zorder=3)
        memory.add_patch(box)
        memory.text(-0.3, 1.6 * h + 0.5, f"row {h}", ha="right", va="center")
    limits(
        memory,
        0,
        width * channels,
        1.6 * rows - 0.6,
        "in memory: pixels 0 to 5, channels a and b",
        equal=True,
    )
    memory.set_xlabel("blue: one window; framed: the window of the next column")
    return figure


def register_block(columns=4, width=4):
    """One step of a register block: ``columns`` columns × 2 vectors of ``width`` filters.

    >>> register_block().alt[:28]
    'One step of a register block'
    """
    filters = 2 * width
    sums = columns * filters
    figure = DescribedFigure(
        f"One step of a register block of {columns} columns and {filters} filters. It reads "
        f"{columns} values of the image, one a column, and two vectors of {width} weights; each "
        f"value is multiplied with both vectors and added to its row of the {sums} sums, which "
        "stay in registers. After the last step the sums are written to the output, once.",
        9,
        4.2,
    )
    ax = figure.subplots()
    left = 3.2
    top = 2.4
    for vector, colour in enumerate((ORANGE, GREEN)):
        for filter_ in range(width):
            x = left + vector * (width + 0.4) + filter_
            cell(ax, x, 0, colour, "w")
            for column in range(columns):
                cell(ax, x, top + column, colour, "Σ", alpha=0.35)
    for column in range(columns):
        cell(ax, 0, top + column, BLUE, "x")
        arrow(ax, (1.1, top + column + 0.5), (left - 0.1, top + column + 0.5))
    for vector in range(2):
        x = left + vector * (width + 0.4) + width / 2
        arrow(ax, (x, 1.1), (x, top - 0.1))
    end = left + filters + 0.4
    arrow(ax, (end + 0.1, top + columns / 2), (end + 1.9, top + columns / 2))
    note = {"va": "center", "fontsize": 10}
    ax.text(end + 0.3, 0.5, f"2 vectors of {width} weights\n(each step)", **note)
    ax.text(end + 2.1, top + columns / 2, "written once, after\nthe last step", **note)
    ax.text(
        0.5,
        top - 0.3,
        f"{columns} values of\nthe image, one a\ncolumn (each step)",
        ha="center",
        va="bottom",
        fontsize=10,
    )
    ax.text(
        left + filters / 2 + 0.2,
        top + columns + 0.25,
        f"{columns} columns × {filters} filters = {sums} sums, in {2 * columns} registers",
        ha="center",
        va="top",
        fontsize=10,
    )
    limits(ax, 0, end + 6.2, top + columns + 1, equal=True)
    return figure


def bands():
    """An image of 12 rows cut into 2 bands, and the rows of the output that each of them writes.

    >>> bands().alt[:19]
    'An image of 12 rows'
    """
    figure = DescribedFigure(
        "An image of 12 rows and its output of 8 rows, for a window of 5 rows, cut into two bands. "
        "The first band writes rows 0 to 3 and reads rows 0 to 7; the second writes rows 4 to 7 "
        "and reads rows 4 to 11. Rows 4 to 7 of the image are read by both.",
        8,
        4,
    )
    image, out = figure.subplots(1, 2, width_ratios=(1.4, 1))
    for h in range(12):
        for band, colour in enumerate((BLUE, ORANGE)):
            read = 4 * band <= h < 4 * band + 8
            cell(image, 4 * band, h, colour if read else PALE, width=3.8, alpha=0.5)
        image.text(-0.3, h + 0.5, h, ha="right", va="center", fontsize=9)
    image.text(1.9, 12.1, "read by band 0", ha="center", va="top")
    image.text(5.9, 12.1, "read by band 1", ha="center", va="top")
    limits(image, 0, 8, 13, "rows of the image (drawn twice)")
    for i in range(8):
        cell(out, 0, i, BLUE if i < 4 else ORANGE, f"band {i // 4}", width=4)
        out.text(-0.2, i + 0.5, i, ha="right", va="center", fontsize=9)
    limits(out, 0, 4, 13, "rows of the output")
    return figure
