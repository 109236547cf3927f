"""Figures shown one after the other, as an animated PNG.

An animated PNG plays wherever a picture can be shown: in a notebook that nobody has run yet, in an
export, on a web page, without JavaScript.
"""

from io import BytesIO

from PIL import Image

from ..plots.figure import DescribedFigure
from ..support import arguments

LONGEST = 100  # pictures
SHOWN, LAST_SHOWN = 1000, 3000  # milliseconds


class Movie:
    """Figures as a moving picture, which notebooks show with ``alt`` as its alternative text.

    ``alt``: what happens; ``steps``: a list of at most 100 steps, and ``draw``: a function that
    makes the `DescribedFigure` of each, all of one size. Each is shown for a second, the last
    one for three, then it begins again. To look at one step for longer, take it out:
    ``movie.figures[3]``. Raises ``ValueError``, before anything is drawn, for more steps or
    none; and for figures of different sizes; ``TypeError`` for other arguments.
    """

    def __init__(self, alt, steps, draw):
        self.alt = arguments.text(alt, "alt")
        if not isinstance(steps, (list, tuple, range)):
            raise TypeError(f"steps must be a list, got {arguments.described(steps)}")
        if not 0 < len(steps) <= LONGEST:
            raise ValueError(
                f"a movie has 1 to {LONGEST} pictures, this one would have {len(steps)}; "
                "take a smaller piece of the image or signal, so that there are fewer steps"
            )
        arguments.function(draw, "draw", "step")
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

    def png(self):
        """The movie as the bytes of an animated PNG file, the same bytes each time."""
        first, *others = (
            Image.open(BytesIO(figure.png())).convert("RGB") for figure in self.figures
        )
        durations = [SHOWN] * len(others) + [LAST_SHOWN]
        file = BytesIO()
        how = {"append_images": others, "duration": durations, "loop": 0}  # 0: for ever
        first.save(file, "PNG", save_all=True, **how)
        return file.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/png": self.png(), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.alt}}
