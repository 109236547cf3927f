"""A figure with a description, in colours that colour-blind readers can tell apart."""

from io import BytesIO

from matplotlib.figure import Figure

from ..support import arguments
from ..support.checks import positive_int

DPI = 100
LARGEST_SIDE = 2**16 / DPI  # inches: matplotlib draws no larger picture
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


class DescribedFigure(Figure):
    """A matplotlib figure that notebooks show once, with ``alt`` as its alternative text.

    It is not registered with pyplot, so a cell that returns it shows it once. The text is also the
    figure's plain-text form, which tests of notebooks compare.

    Raises ``TypeError`` for an ``alt`` that is no text, ``ValueError`` for more inches than can be
    drawn.
    """

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

    def png(self):
        """The picture as the bytes of a PNG file."""
        file = BytesIO()
        self.savefig(file, format="png", metadata={"Software": None})  # no version, so no changes
        return file.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/png": self.png(), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.alt}}
