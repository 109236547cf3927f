"""How much of a slide a cell takes, for tools/slide_types.py: about, as no browser is asked.

tests/browser/test_slides_offline.py asks one whether everything has its room in the end.
"""

import re
from math import ceil

from cnncourse.slides.cells import LINES as MOST_LINES

FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
# pixels of slides of 1366×768, as cnncourse/slides/slides.css sets them
ROOM, GAP, LINE, CODE_LINE, ROW, PICTURE = 690, 15, 34, 27, 38, 330
CHARACTERS, CODE_CHARACTERS = 96, 102  # in a line


def height(cell):
    """About how many pixels of a slide a cell takes."""
    if cell.cell_type == "markdown":
        return GAP + text_height(FOLDED.sub("", cell.source))
    total = GAP + GAP + CODE_LINE * lines(cell.source, CODE_CHARACTERS)
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            total += GAP + PICTURE
        elif "text/markdown" in data:
            total += GAP + text_height(data["text/markdown"])
        elif "text/html" not in data:  # which is a picture's description
            shown = output.get("text") or data.get("text/plain") or output.get("evalue", "")
            total += GAP + CODE_LINE * min(MOST_LINES, lines(shown, CODE_CHARACTERS))
    return total


def text_height(source):
    total = 0
    for line in source.splitlines():
        if line.startswith("#"):
            total += 2 * LINE
        elif line.startswith("|"):
            total += ROW
        elif line.startswith("$$"):
            total += 3 * LINE
        elif line.strip():
            total += LINE * lines(line, CHARACTERS)
        else:
            total += GAP
    return total


def lines(text, characters):
    return sum(max(1, ceil(len(line) / characters)) for line in text.rstrip().splitlines())
