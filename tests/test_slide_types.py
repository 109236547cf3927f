"""Every chapter says where its slides begin, and the tool that says it keeps its rules."""

import nbformat
import pytest
import slide_types
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

CHAPTERS = slide_types.chapters()
QUESTION = "**Stop and think.** Why?\n\n<details><summary>Answer</summary>So.</details>"
LONG = "word " * 400


def arranged(*cells):
    notebook = new_notebook(cells=list(cells))
    slide_types.arrange(notebook)
    nbformat.validate(notebook)
    return notebook.cells


def kinds(cells):
    return [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_cell_has_its_place(path):
    before = nbformat.writes(CHAPTERS[path])
    slide_types.arrange(CHAPTERS[path])
    assert nbformat.writes(CHAPTERS[path]) == before, "run tools/slide_types.py"


def test_a_section_begins_a_cell_and_a_slide():
    cells = arranged(
        new_markdown_cell("# 01 · Title"),
        new_markdown_cell("End of one.\n\n## 2 · Two\n\n```\n## no heading\n```", id="one"),
        new_markdown_cell("## 3 · Three\n\n### A part\n\n## Summary", id="three"),
    )
    assert [cell.source.partition("\n")[0] for cell in cells] == [
        *("# 01 · Title", "End of one.", "## 2 · Two", "## 3 · Three", "## Summary")
    ]
    assert kinds(cells) == ["slide", None, "slide", "slide", "slide"]
    assert [cell.id for cell in cells[1:]] == ["one", "one-2", "three", "three-2"]


def test_once_is_enough():
    cells = arranged(new_markdown_cell(f"## 1 · One\n\n{LONG}\n\n## 2 · Two"), new_code_cell("f()"))
    before = [cell.copy() for cell in cells]
    assert arranged(*cells) == before


def test_what_is_skipped():
    cells = arranged(
        new_markdown_cell("## 1 · One"),
        new_code_cell("import numpy as np\n\nfrom cnncourse import plots"),
        new_code_cell("guess, other = None, None  # two numbers"),
        new_code_cell("x = 1"),
        new_code_cell("assert x", metadata={"tags": ["check"]}),
        new_markdown_cell("## Exercises"),
        new_code_cell("answer = 2"),
        new_markdown_cell("## Summary"),
        new_markdown_cell("## Beside the documents"),
    )
    assert kinds(cells) == ["slide", "skip", "skip", None, "skip", "skip", "skip", "slide", "skip"]


def test_a_slide_ends_where_it_is_full():
    figure = new_output("display_data", {"image/png": "", "text/plain": "<Figure>"})
    cells = arranged(
        new_markdown_cell("## 1 · One\n\nText."),
        new_code_cell("draw()", outputs=[figure]),
        new_markdown_cell("The next picture:"),
        new_code_cell("draw()", outputs=[figure]),
        new_markdown_cell(
            "**Stop and think.** Why?\n\n<details><summary>Answer</summary>So.</details>"
        ),
        new_markdown_cell("That is why."),
        new_markdown_cell("### More"),
    )
    assert kinds(cells) == ["slide", None, "subslide", None, "subslide", "subslide", "subslide"]


def test_an_old_mark_goes():
    cell = new_markdown_cell("Text.", metadata={"slideshow": {"slide_type": "fragment"}})
    assert kinds(arranged(new_markdown_cell("## 1 · One"), cell)) == ["slide", None]
