"""A figure with a description, in colours that colour-blind readers can tell apart."""

from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ..support import arguments
from ..support.checks import positive_int
from .described import Described

DPI = 100  # pixels of a page in an inch
SHARP = 2  # pixels of the file for one of the page: projectors and good screens show them all
MOST_COLOURS = 256  # as many as a byte can name: a third of the file's size, and nobody sees it
ROUNDS = 2  # of k-means, which moves the colours to where the pixels are: or dark ones run together
LARGEST_SIDE = 2**16 / (SHARP * DPI)  # inches: matplotlib draws no larger picture
# Okabe & Ito's palette, which people with any kind of colour blindness can tell apart
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#000000")


def rows_and_columns(count, columns):
    """Rows and columns for ``count`` pictures, at most ``columns`` in a row.

    Raises ``TypeError`` or ``ValueError`` for ``columns`` that are no whole number from 1 on.

    >>> rows_and_columns(7, 3), rows_and_columns(2, 3)
    ((3, 3), (1, 2))
    """
    columns = min(positive_int(columns, "columns"), count)
    return -(-count // columns), columns


class DescribedFigure(Described, Figure):
    """A matplotlib figure that notebooks show once, with ``alt`` as its alternative text.

    It has twice the pixels of its place on the page in each direction. It is not registered with
    pyplot, so a cell that returns it shows it once. The text is also the figure's plain-text form,
    which tests of notebooks compare.

    Raises ``TypeError`` for an ``alt`` that is no text, ``ValueError`` for more inches than can be
    drawn.
    """

    colours = MOST_COLOURS  # that its file has

    def __init__(self, alt, width, height):
        self.alt = arguments.text(alt, "alt")
        if not max(width, height) < LARGEST_SIDE:
            raise ValueError(
                f"the picture would have {width:,.0f}×{height:,.0f} inches, more than can be "
                "drawn; show fewer pictures in it, in more or fewer columns, or smaller ones"
            )
        super().__init__(figsize=(width, height), dpi=DPI, layout="constrained")  # inches

    def panels(self, rows, columns, count):
        """Axes in rows and columns: a list of the first ``count``, the others are left blank."""
        axes = list(self.subplots(rows, columns, squeeze=False).flat)
        for ax in axes[count:]:
            ax.axis("off")
        return axes[:count]

    def __repr__(self):
        return f"<Figure: {self.alt}>"

    @property
    def width(self):
        """Pixels of the page across."""
        return round(self.get_figwidth() * DPI)

    def pixels(self):
        """The picture, `SHARP` times as wide as ``width``, as a PIL image in RGB."""
        canvas = FigureCanvasAgg(self)
        self.set_dpi(SHARP * DPI)
        try:
            canvas.draw()
            return Image.fromarray(np.array(canvas.buffer_rgba())).convert("RGB")
        finally:
            self.set_dpi(DPI)

    def png(self):
        """The picture as the bytes of a PNG file with few colours, the same bytes each time."""
        return png_of(self.pixels(), self.colours)


def png_of(picture, colours):
    """A PIL image as the bytes of a PNG file with at most so many ``colours``."""
    file = BytesIO()
    few = picture.quantize(colours, kmeans=ROUNDS, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()
