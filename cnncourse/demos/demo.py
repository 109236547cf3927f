"""What all demos have in common: a title, and a picture that says how to see them live."""

from functools import cached_property

from .live import Live

HOW = 'live in JupyterLab with the extra "live": pip install -e ".[live]"'


class Demo(Live):
    """Base class of all demos: one of your own sets ``title`` too, and `draw` gives its picture."""

    title = None

    def __repr__(self):
        return f"<Demo: {self.title}; {HOW}>"

    def draw(self):
        """The picture of the demo, a `DescribedFigure`."""
        raise NotImplementedError(f"{type(self).__name__} has no draw")

    @cached_property
    def picture(self):
        figure = self.draw()
        figure.supxlabel(f"A picture of the demo: {HOW}", fontsize=9, color="0.35")
        return figure

    @property
    def alt(self):
        return self.picture.alt

    @property
    def width(self):
        return self.picture.width

    def png(self):
        """The picture as the bytes of a PNG file."""
        return self.picture.png()
