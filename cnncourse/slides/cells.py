"""From a notebook's cells to those of its slides: what slides cannot show stays behind."""

import re
from base64 import b64encode
from mimetypes import guess_type

from ..plots.described import HIDDEN

ANSWER = re.compile(r"<details><summary>[^<]*</summary>(.*?)</details>", re.DOTALL)
IMAGE = re.compile(r"(!\[[^\]]*\]\()(?!https?:|data:)([^)]*)\)")
LINES, FIRST, LAST = 24, 14, 6  # of what a cell prints: more are cut out of the middle
LINK_TO_FILE = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)]*\)")


def of_slides(notebook, folder):
    """The cells to show, in order; those of the notebook stay as they are.

    A folded answer becomes a fragment, which the next key press shows, and a note for the speaker;
    a picture's description, another note. Links to files, which slides come without, are text, and
    of long tables the middle is left out. Pictures that the text shows lie in ``folder``, the
    notebook's; they go along. A ``FileNotFoundError`` names one that is missing.
    """
    for cell in notebook.cells:
        if _slide_type(cell) == "skip":
            continue
        if cell.cell_type == "markdown":
            yield from _of_text(cell, folder)
        elif cell.cell_type == "code":
            yield from _of_code(cell)


def begins_a_slide(cell):
    return _slide_type(cell) == "slide"


def _slide_type(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def _of_text(cell, folder):
    source = LINK_TO_FILE.sub(r"\1", cell.source)
    source = IMAGE.sub(lambda found: f"{found[1]}{_embedded(folder / found[2])})", source)
    kind, at = _slide_type(cell), 0
    for found in ANSWER.finditer(source):
        yield from _text(source[at : found.start()], kind)
        yield from _note("Answer", found[1])
        yield from _text(found[1], "fragment")
        kind, at = "subslide", found.end()  # or it would appear with the answer
    yield from _text(source[at:], kind)


def _embedded(path):
    kind, _ = guess_type(path.name)
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode('ascii')}"


def _of_code(cell):
    shown = cell.copy()
    shown.outputs = [_cut(output) for output in cell.outputs if not _is_description(output)]
    yield shown
    for output in shown.outputs:
        alt = output.get("metadata", {}).get("image/png", {}).get("alt")
        if alt:
            yield from _note("The picture", alt)


def _is_description(output):
    """Whether it is for screen readers, which hear the same of the picture itself on a slide."""
    return HIDDEN in output.get("data", {}).get("text/html", "")


def _cut(output):
    """The output, with the middle left out if it prints too many lines."""
    lines = output.get("text", "").rstrip().split("\n")
    if len(lines) <= LINES:
        return output
    left = len(lines) - FIRST - LAST
    shown = output.copy()
    shown.text = "\n".join([*lines[:FIRST], f"⋮ {left} more lines", *lines[-LAST:]])
    return shown


def _note(about, text):
    return _text(f"**{about}.** {text.strip()}", "notes")


def _text(source, kind):
    from nbformat.v4 import new_markdown_cell

    if source.strip():
        yield new_markdown_cell(source.strip(), metadata={"slideshow": {"slide_type": kind}})
