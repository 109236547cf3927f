"""What a running JupyterLab shows live, and everybody else as a picture and a text.

One object has one output: its live view where the extra ``live`` is installed and the kernel runs,
its picture everywhere else: in an export, on a web page, in a notebook that nobody has run yet. The
text is the same in all of them, so tests can compare it.

The browser draws and Python computes: a JavaScript file of this folder asks, a Python file answers.
"""

import traceback
from functools import cached_property

from ..plots.described import Described
from .live_view import live_view


class Live(Described):
    """Base class of what has a live view.

    One of your own sets ``script``, the name of its JavaScript file in this folder; a method
    ``on_kind(message, buffers)`` answers each kind of message that the script sends, with a dict
    and a list of arrays.
    """

    script = None

    @cached_property
    def view(self):
        """The widget that shows it in a browser, or ``None`` without the extra."""
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
