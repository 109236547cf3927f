"""What all demos have in common: a live view where there can be one, else a picture and a text.

A demo is one object with one output. A notebook shows its live view where the extra ``live`` is
installed and the kernel runs, and its picture everywhere else: in an export, on a web page, in a
notebook that nobody has run yet. The text is the same in all of them, so tests can compare it.

The browser draws and Python computes: a demo's JavaScript file asks, its Python file answers.
"""

import traceback
from functools import cached_property

from ..plots.described import Described
from .live_view import live_view

HOW = 'live in JupyterLab with the extra "live": pip install -e ".[live]"'


class Demo(Described):
    """Base class of all demos.

    One of your own sets ``title``, and ``script``, the name of its JavaScript file in this folder;
    `draw` gives its picture; and a method ``on_kind(message, buffers)`` answers each kind of
    message that the script sends, with a dict and a list of arrays.
    """

    title = script = None

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

    @cached_property
    def view(self):
        """The widget that shows the demo in a browser, or ``None`` without the extra."""
        return live_view(self.script, self.answer)

    def answer(self, message, buffers=()):
        """The reply to a message from the browser: a dict, and a list of bytes.

        ``message``: a dict with ``"kind"`` and ``"number"``, ``buffers``: its arrays as bytes. An
        error is a reply, too: in a notebook nobody would see it otherwise.
        """
        number = message.get("number")
        try:
            reply, arrays = getattr(self, f"on_{message['kind']}")(message, buffers)
        except (Exception, KeyboardInterrupt) as error:
            text = f"{type(error).__name__}: {error}"
            return {"number": number, "error": text, "traceback": traceback.format_exc()}, []
        return {"number": number} | reply, [array.tobytes() for array in arrays]

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = super()._repr_mimebundle_()
        if self.view is not None:
            data["application/vnd.jupyter.widget-view+json"] = {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.view.model_id,
            }
        return data, metadata
