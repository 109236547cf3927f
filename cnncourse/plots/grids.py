"""Small arrays as people write them on a blackboard: a cell for each value."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ..support import arguments
from ..support.checks import numbers
from .figure import COLOURS, DescribedFigure
from .sign_colours import NEGATIVE, POSITIVE

CELL, WIDEST = 0.44, 9  # inches: a cell, and all of them together
GAP, TITLE, LEAST = 1, 0.9, 2  # cells: between arrays, above them, and the least width of one
FRAME = COLOURS[0]  # seen on either colour of a cell
DIGIT = 0.64  # its width, of the font's size
SQUARE = (0, 0), (1, 0), (1, 1), (0, 1)  # a cell's corners: right, down


def grids(arrays, frames=None, alt=None):
    """Arrays side by side, their values in cells: orange above zero, purple below.

    ``arrays``: title → (rows, columns), or (cells,) for a single row; NaN leaves a cell
    empty. ``frames``: title → list of (top, left, rows, columns), parts of that array to frame;
    ``alt``: what the picture shows. Raises ``ValueError`` for arrays of more axes and for frames of
    arrays that there are not, ``TypeError`` for what is no dict of them.

    >>> grids({"image": [[0, 1], [1, 0]], "kernel": [-1, 1]})
    <Figure: Numbers in cells. image: 0 1, 1 0. kernel: -1 1>
    """
    arrays = arguments.mapping(arrays, "arrays", "(rows, columns)")
    tables = {title: as_rows(array, f"arrays, {title}") for title, array in arrays.items()}
    frames = {} if frames is None else _frames(frames, tables)
    alt = arguments.optional_text(alt, "alt") or ". ".join(
        ["Numbers in cells"] + [f"{title}: {in_words(table)}" for title, table in tables.items()]
    )
    figure = DescribedFigure(alt, *size(tables))
    figure.set_layout_engine(None)  # cells fill the figure
    draw_grids(figure.add_axes((0, 0, 1, 1)), tables, frames)
    return figure


def _frames(frames, tables):
    """Each array's frames as whole numbers, or an error that names the argument."""
    checked = {}
    for title, parts in arguments.mapping(frames, "frames", "list of frames").items():
        if title not in tables:
            raise ValueError(
                f"frames: there is no array {title!r} to frame; there are {', '.join(tables)}"
            )
        array = numbers(parts, f"frames[{title!r}]")
        if array.size and (array.ndim != 2 or array.shape[1] != 4 or array.dtype.kind not in "iu"):
            raise ValueError(
                f"frames[{title!r}] must be a list of (top, left, rows, columns), whole numbers, "
                f"got {arguments.described(parts)}"
            )
        checked[title] = array.tolist()
    return checked


def draw_grids(ax, tables, frames):
    """Draw ``tables``, title → (rows, columns), into ``ax``, all cells of one size.

    The first row of each is on top, as in an array. ``frames`` as in `grids`.
    """
    highest = max(len(table) for table in tables.values())
    x = GAP
    for title, table in tables.items():
        y = (highest - len(table)) / 2
        largest = np.max(np.abs(table), initial=1e-12, where=np.isfinite(table))
        draw_cells(ax, x, y, table, largest)
        for top, left, rows, columns in frames.get(title, ()):
            draw_frame(ax, x + left, y + top, columns, rows)
        columns = table.shape[1]
        ax.text(x + columns / 2, y - 0.2, title, ha="center", va="bottom", fontsize=11)
        x += max(columns, LEAST) + GAP
    ax.set(xlim=(0, x), ylim=(highest + 0.2, -TITLE))
    ax.set_aspect("equal")
    ax.axis("off")


def size(tables):
    """The width and height, in inches, that `draw_grids` fills."""
    columns = sum(max(table.shape[1], LEAST) + GAP for table in tables.values()) + GAP
    rows = max(len(table) for table in tables.values()) + TITLE + 0.2
    cell = min(CELL, WIDEST / columns)
    return cell * columns, cell * rows


def draw_cells(ax, x, y, table, largest, room=72 * CELL):
    """The cells of a table (rows, columns), the upper left corner of the first at (x, y).

    ``largest``: the size of a value that gets the strongest colour; ``room``: a cell's width in
    points, for the longest of the numbers. What is not finite leaves a cell empty.
    """
    table = np.asarray(table, float)
    known = np.isfinite(table)
    rows, columns = table.shape
    left, top = np.meshgrid(x + np.arange(columns), y + np.arange(rows))  # (R, C)
    corners = [np.stack([left + right, top + down], -1) for right, down in SQUARE]
    strength = 0.75 * np.abs(np.where(known, table, 0)) / largest  # (R, C)
    hue = np.where((table > 0)[..., None], to_rgb(POSITIVE), to_rgb(NEGATIVE))  # (R, C, 3)
    cells = PolyCollection(
        np.stack(corners, axis=2).reshape(-1, len(SQUARE), 2),
        facecolors=(1 - strength[..., None] * (1 - hue)).reshape(-1, 3),
        edgecolors="0.75",
        linewidths=0.8,
    )
    ax.add_collection(cells, autolim=False)
    texts = {(i, j): short(table[i, j]) for i, j in np.argwhere(known)}
    longest = max(map(len, texts.values()), default=1)
    style = {"ha": "center", "va": "center", "fontsize": min(10, room / (DIGIT * longest))}
    for (i, j), text in texts.items():
        ink = "0.55" if table[i, j] == 0 else "black"
        ax.text(left[i, j] + 0.5, top[i, j] + 0.5, text, color=ink, **style)


def draw_frame(ax, x, y, width, height):
    """A frame around cells."""
    ax.add_patch(Rectangle((x, y), width, height, fill=False, ec=FRAME, lw=3, zorder=3))


def short(number):
    """A number with at most two decimals; from a million on as a power of ten.

    >>> short(4.0), short(-0.25), short(1 / 9), short(-0.0001), short(1e300)
    ('4', '-0.25', '0.11', '0', '1e+300')
    """
    if abs(number) >= 1e6:
        return f"{number:.3g}"
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def product(a, b):
    """A product as people write it.

    >>> product(2, -1)
    '2·(-1)'
    """
    return "·".join(short(n) if n >= 0 else f"({short(n)})" for n in (a, b))


def in_words(table):
    """The values of a table, its rows parted by commas; an empty cell is a dash."""
    return ", ".join(
        " ".join(short(number) if np.isfinite(number) else "–" for number in row) for row in table
    )


def as_rows(array, title):
    """An array as float64 (rows, columns); a ``ValueError`` if it has more axes, or no cell."""
    table = np.atleast_2d(numbers(array, title)).astype(float)
    if table.ndim != 2 or table.size == 0:
        raise ValueError(
            f"{title}: expected (rows, columns) or (cells,), at least one cell, "
            f"got {np.shape(array)}; draw one image, one channel"
        )
    return table
