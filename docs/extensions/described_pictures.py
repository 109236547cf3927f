"""A chapter's pictures with their alternative texts, which myst-nb drops.

In a notebook a picture is followed by its description, hidden, for screen readers
(cnncourse/plots/described.py). Here the picture itself gets it, so that it is read once.
"""

import re
from html import unescape

from docutils import nodes

from cnncourse.plots.described import hidden_text

START, END = (re.escape(part) for part in hidden_text("\n").split("\n"))
DESCRIPTION = re.compile(f"{START}(.*){END}", re.DOTALL)


def describe(app, document):
    """Give each picture of a chapter the text that follows it."""
    picture = None
    for node in list(document.findall()):
        if isinstance(node, nodes.image):
            picture = node
        elif isinstance(node, nodes.raw) and (found := DESCRIPTION.fullmatch(node.astext())):
            picture["alt"] = unescape(found[1])
            node.parent.remove(node)


def setup(app):
    app.connect("doctree-read", describe)
    return {"version": "1", "parallel_read_safe": True}
