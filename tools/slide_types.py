"""Say in the chapters' metadata where slides begin: for ``cnncourse slides`` and JupyterLab.

    python tools/slide_types.py                        all chapters
    python tools/slide_types.py notebooks/08-*.ipynb   some of them

A section begins a slide, and a cell of its own. Its cells stay together as long as the slide has
room for them; then, and for each "stop and think", a slide below begins. What is no matter for a
lecture is skipped: exercises, checks, imports, places for guesses, the map, and what stands beside
the documents.

Run it after changing cells; a second run changes nothing.
"""

import argparse
import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
from slide_room import FOLDED, ROOM, height

CHAPTERS = Path(__file__).parent.parent / "notebooks"
SECTION = re.compile(r"^(?=## )", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TO_READ = re.compile(r"## (?:Exercises|Beside the documents|Sources|The map)")
QUESTION = "**Stop and think"


def chapters(paths=()):
    """Path → notebook, of those with code: the others are to look things up."""
    found = {}
    for path in paths or sorted(CHAPTERS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        if any(cell.cell_type == "code" for cell in notebook.cells):
            found[path] = notebook
    return found


def arrange(notebook):
    """Give each section a cell that begins with it, and each cell its slide type."""
    notebook.cells = [part for cell in notebook.cells for part in split(cell)]
    make_unique(notebook.cells)
    for cell, kind in zip(notebook.cells, slide_types(notebook.cells), strict=True):
        if kind:
            cell.metadata["slideshow"] = {"slide_type": kind}
        else:  # no "-", which some tools hide
            cell.metadata.pop("slideshow", None)


def split(cell):
    """A text cell's parts, each from one section's heading to the next."""
    if cell.cell_type != "markdown":
        return [cell]
    fences = [found.span() for found in FENCED.finditer(cell.source)]
    starts = [
        found.start()
        for found in SECTION.finditer(cell.source)
        if not any(begin < found.start() < end for begin, end in fences)
    ]
    ends = sorted({0, *starts, len(cell.source)})
    parts = []
    for begin, end in pairwise(ends):
        part = cell.copy()
        part.metadata = cell.metadata.copy()
        part.source = cell.source[begin:end].strip("\n")
        parts.append(part)
    return parts


def make_unique(cells):
    """The first cell with an id keeps it, the parts after it get a number."""
    seen = set()
    for cell in cells:
        name, number = cell.id, 2
        while cell.id in seen:
            cell.id = f"{name}-{number}"
            number += 1
        seen.add(cell.id)


def slide_types(cells):
    """``"slide"``, ``"subslide"``, ``"skip"``, or ``None`` for what goes on, for each cell."""
    kinds, used, section = [], 0, ""
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        text = cell.source if cell.cell_type == "markdown" else ""
        if text.startswith(("# ", "## ")):
            section = text
        if TO_READ.match(section) or is_check(cell) or shows_nothing(cell):
            kinds.append("skip")
            continue
        need = height(cell)
        with_code = need + (height(following) if leads_to(cell, following) else 0)
        if text.startswith(("# ", "## ")):
            kind = "slide"
        elif text.startswith("###") or QUESTION in text or used + need > ROOM:
            kind = "subslide"
        else:
            kind = "subslide" if used and used + with_code > ROOM >= with_code else None
        used = (0 if kind else used) + need
        if FOLDED.search(text):
            used = ROOM  # what follows an answer would appear with it
        kinds.append(kind)
    return kinds


def is_check(cell):
    return "check" in cell.metadata.get("tags", [])


def shows_nothing(cell):
    """Whether a cell only imports, or waits for a guess: ``guess = None``."""
    if cell.cell_type != "code" or cell.outputs or cell.source.startswith("%"):
        return False
    return all(
        isinstance(one, (ast.Import, ast.ImportFrom))
        or (isinstance(one, ast.Assign) and is_nothing(one.value))
        for one in ast.parse(cell.source).body
    )


def is_nothing(value):
    """Whether an expression is ``None``, or several of it: ``None, None``."""
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(isinstance(part, ast.Constant) and part.value is None for part in parts)


def leads_to(cell, following):
    """Whether this is text, and code comes next, which it explains."""
    return cell.cell_type == "markdown" and following is not None and following.cell_type == "code"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all chapters")
    for path, notebook in chapters(parser.parse_args().notebooks).items():
        arrange(notebook)
        text = nbformat.writes(notebook) + "\n"
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8", newline="\n")
            print(path.name)


if __name__ == "__main__":
    main()
