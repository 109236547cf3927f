"""The labs' growing table of recipes holds what `benchmarks/documents.py` has measured."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
LABS = sorted(
    path
    for path in (ROOT / "notebooks").glob("[01]*.ipynb")
    if re.match("07|08|09|10|11", path.name)
)
ACCURACY = r"\d\d\.\d\d ± \d\.\d\d %"


def measured():
    """The recipes of benchmarks/labs.md that report an accuracy: (minutes, accuracy) each."""
    rows = (ROOT / "benchmarks" / "labs.md").read_text(encoding="utf-8").splitlines()
    found = (re.search(rf"({ACCURACY}).*\| (\d+\.\d) \| [^|]+\|$", row) for row in rows)
    return {(each[2], each[1]) for each in found if each}


def in_chapter(path):
    """The rows of a lab's table of recipes: (minutes, accuracy) each."""
    cells = nbformat.read(path, as_version=4).cells
    rows = (
        row for cell in cells if cell.cell_type == "markdown" for row in cell.source.split("\n")
    )
    found = (re.search(rf"\|(\d+\.\d)\|({ACCURACY})\|$", row) for row in rows)
    return {(each[1], each[2]) for each in found if each}


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_what_a_lab_shows_was_measured(path):
    rows = in_chapter(path)
    assert rows and rows <= measured()


def test_the_last_lab_shows_all():
    assert in_chapter(LABS[-1]) == measured()
