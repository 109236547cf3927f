"""Some of a movie's pictures side by side: for print, and for who wants to look in peace."""

from PIL import Image

from ..plots.described import Described
from ..plots.figure import DPI, MOST_COLOURS, SHARP, png_of

WIDEST = 10  # inches on the page


class Strip(Described):
    """``figures`` in rows of ``columns``, all of one size; ``alt`` says what they show."""

    def __init__(self, alt, figures, columns):
        self.alt, self.figures, self.columns = alt, figures, columns

    def __repr__(self):
        return f"<Strip of {len(self.figures)} pictures: {self.alt}>"

    @property
    def width(self):
        """Pixels of the page across."""
        return min(self.columns * self.figures[0].width, WIDEST * DPI)

    def png(self):
        """The strip as the bytes of a PNG file, the same bytes each time."""
        share = SHARP * self.width / (self.columns * SHARP * self.figures[0].width)
        pictures = [_smaller(figure.pixels(), share) for figure in self.figures]
        width, height = pictures[0].size
        rows = -(-len(pictures) // self.columns)
        sheet = Image.new("RGB", (width * self.columns, height * rows), "white")
        for number, picture in enumerate(pictures):
            row, column = divmod(number, self.columns)
            sheet.paste(picture, (column * width, row * height))
        return png_of(sheet, MOST_COLOURS)


def _smaller(picture, share):
    """A picture at a share of its size."""
    size = tuple(max(round(share * side), 1) for side in picture.size)
    return picture if share == 1 else picture.resize(size, Image.Resampling.LANCZOS)
