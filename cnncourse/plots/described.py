"""How notebooks show a picture: with a text for those who do not see it.

JupyterLab, nbconvert and most web editions drop the alternative text that a picture's metadata
hold. So the text follows the picture as an output of its own: no pixel large, but read aloud.
"""

from html import escape

HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden"  # not display:none: that is mute


class Described:
    """A picture with ``alt``, its description, ``width``, pixels of the page, and ``png()``."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/png": self.png(), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.alt, "width": self.width}}

    def _ipython_display_(self):
        from IPython.display import display  # which is there where this is called

        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        display({"text/html": hidden_text(self.alt)}, raw=True)


def hidden_text(alt):
    """A description as HTML that screen readers read and nobody sees.

    >>> hidden_text("a < b")
    '<span style="position:absolute;width:1px;height:1px;overflow:hidden">Picture: a &lt; b</span>'
    """
    return f'<span style="{HIDDEN}">Picture: {escape(alt)}</span>'
