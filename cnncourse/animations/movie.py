"""Figures shown one after the other, as an animated PNG.

An animated PNG plays wherever a picture can be shown: in a notebook that nobody has run yet, in an
export, on a web page, without JavaScript. It cannot be paused; in a running JupyterLab, the extra
``live`` shows the pictures in a player that can.
"""

from collections import Counter
from io import BytesIO

import numpy as np
from PIL import Image

from ..demos.live import Live
from ..plots.figure import MOST_COLOURS, DescribedFigure, rows_and_columns
from ..support import arguments
from ..support.checks import positive_int
from .strip import Strip

LONGEST = 100  # pictures
LONGER = 2000  # milliseconds, for the last picture
PACKED = np.array([1 << 16, 1 << 8, 1])  # red, green and blue as one number


class Movie(Live):
    """Figures as a moving picture, which notebooks show with ``alt`` as its alternative text.

    ``alt``: what happens; ``steps``: a list of at most 100 steps, and ``draw``: a function that
    makes the `DescribedFigure` of each, all of one size. Each is shown for ``shown`` milliseconds,
    the last one for two seconds more, then it begins again. With the extra ``live``, a running
    JupyterLab has buttons to pause it and to go step by step. To look at one step anywhere, take it
    out: ``movie.figures[3]``; to see some of them side by side: ``movie.strip()``. Raises
    ``ValueError``, before anything is drawn, for more steps or none; and for figures of different
    sizes; ``TypeError`` for other arguments.
    """

    script = "movie.js"

    def __init__(self, alt, steps, draw, shown=1000):
        self.alt = arguments.text(alt, "alt")
        if not isinstance(steps, (list, tuple, range)):
            raise TypeError(f"steps must be a list, got {arguments.described(steps)}")
        if not 0 < len(steps) <= LONGEST:
            raise ValueError(
                f"a movie has 1 to {LONGEST} pictures, this one would have {len(steps)}; "
                "take a smaller piece of the image or signal, so that there are fewer steps"
            )
        arguments.function(draw, "draw", "step")
        self.shown = positive_int(shown, "shown")
        self.figures = [draw(step) for step in steps]
        for figure in self.figures:
            if not isinstance(figure, DescribedFigure):
                raise TypeError(
                    "draw must give a figure of cnncourse.plots for each step, got "
                    f"{arguments.described(figure)}"
                )
        if len({tuple(figure.bbox.size) for figure in self.figures}) > 1:
            raise ValueError("the figures that draw gives must have one size")

    def __repr__(self):
        return f"<Movie of {len(self.figures)} pictures: {self.alt}>"

    @property
    def width(self):
        """Pixels of the page across."""
        return self.figures[0].width

    def png(self):
        """The movie as the bytes of an animated PNG file, the same bytes each time."""
        pictures = [figure.pixels() for figure in self.figures]
        counts = _colours(pictures)
        palette = _palette(counts)
        nearest = _nearest(counts, palette)
        first, *others = (_in_palette(picture, palette, nearest) for picture in pictures)
        durations = [self.shown] * len(others) + [self.shown + LONGER]
        file = BytesIO()
        how = {"append_images": others, "duration": durations, "loop": 0}  # 0: for ever
        first.save(file, "PNG", save_all=True, optimize=True, **how)
        return file.getvalue()

    def on_start(self, message, buffers):
        """→ what each picture shows, how long each is shown, and their width on the page."""
        last = len(self.figures) - 1
        reply = {
            "alts": [figure.alt for figure in self.figures],
            "shown": [self.shown] * last + [self.shown + LONGER],
            "width": self.width,
        }
        return reply, []

    def on_picture(self, message, buffers):
        """A picture's number → its PNG file."""
        return {}, [np.frombuffer(self.figures[message["picture"]].png(), np.uint8)]

    def strip(self, count=6, columns=3):
        """At most ``count`` of the pictures, evenly chosen, in rows of ``columns``: a still.

        Raises ``ValueError`` or ``TypeError`` for what are no whole numbers from 1 on.
        """
        count = min(positive_int(count, "count"), len(self.figures))
        _, columns = rows_and_columns(count, columns)
        last = len(self.figures) - 1
        chosen = [round(last * k / max(count - 1, 1)) for k in range(count)]
        parts = [f"picture {k + 1}: {self.figures[k].alt}" for k in chosen]
        alt = f"{count} of {len(self.figures)} pictures. {'; '.join(parts)}"
        return Strip(alt, [self.figures[k] for k in chosen], columns)


def _colours(pictures):
    """How many pixels have each colour: (red, green, blue) → count."""
    counts = Counter()
    for picture in pictures:
        for count, colour in picture.getcolors(picture.width * picture.height):
            counts[colour] += count
    return counts


def _palette(counts):
    """The colours that occur most, (colours, 3): an animated PNG has one palette for all."""
    most = sorted(counts, key=lambda colour: (-counts[colour], colour))
    return np.array(most[:MOST_COLOURS], np.int64)


def _nearest(counts, palette):
    """Which of the palette's colours is nearest, for each of the pictures' packed colours."""
    nearest = np.zeros(1 << 24, np.uint8)
    colours = np.array(list(counts), np.int64)  # (C, 3)
    for some in np.array_split(colours, len(colours) // 1000 + 1):
        distances = ((some[:, None] - palette) ** 2).sum(axis=2)  # (some, colours of the palette)
        nearest[some @ PACKED] = distances.argmin(axis=1)
    return nearest


def _in_palette(picture, palette, nearest):
    """The picture with each colour replaced by the nearest of the palette's."""
    image = Image.fromarray(nearest[np.asarray(picture, np.int64) @ PACKED], "P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    return image
