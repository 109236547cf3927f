"""What nbval does not look at: that every chapter was run whole and in order, and is clean."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import chapter_minutes
import nbformat
import pytest

from cnncourse.plots.described import hidden_text

FOLDER = Path(__file__).parent.parent / "notebooks"
CHAPTERS = sorted(FOLDER.glob("*.ipynb"))
SOLUTIONS = sorted(FOLDER.glob("solutions/*.ipynb"))
LARGEST = 1_500_000  # bytes: GitHub and slow connections show no more


@pytest.fixture(
    params=CHAPTERS + SOLUTIONS, ids=lambda path: str(path.relative_to(FOLDER).with_suffix(""))
)
def chapter(request):
    text = request.param.read_text(encoding="utf-8")
    return request.param, text, nbformat.reads(text, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def shown_text(cell):
    """All text that a cell's outputs show."""
    for output in cell.outputs:
        yield output.get("text", "")
        yield output.get("data", {}).get("text/plain", "")


def test_there_are_chapters():
    assert CHAPTERS


def test_the_file_is_a_sound_notebook(chapter):
    path, text, notebook = chapter
    nbformat.validate(notebook)
    assert re.fullmatch(r"\d\d-[a-z0-9-]+", path.stem)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells), "cell ids repeat"
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata, "widget state is stored"
    assert len(text) < LARGEST
    assert "\r" not in text


def test_it_was_run_whole_and_in_order(chapter):
    counts = [cell.execution_count for cell in code(chapter[2])]
    assert counts == list(range(1, len(counts) + 1)), "run tools/regenerate_notebooks.py"


def test_its_outputs_are_clean(chapter):
    for cell in code(chapter[2]):
        tags = cell.metadata.get("tags", [])
        assert "nbval-raises-exception" not in tags, "JupyterLab stops there: use raises-exception"
        assert not re.search(r";\s*$", cell.source), f"nbval ignores a last ';': {cell.source}"
        for output in cell.outputs:
            assert output.get("name") != "stderr", output.text[:200]
            assert output.output_type != "error" or "raises-exception" in tags
            assert not any("widget" in kind for kind in output.get("data", {})), "a live view"
        for text in shown_text(cell):
            shown = re.search(r"/home/|/Users/|/tmp/|/root/|[A-Z]:\\| at 0x[0-9a-f]+", text)
            assert not shown, f"a path or an address is shown: {text[:200]}"


def is_check(cell):
    return "check" in cell.metadata.get("tags", [])


def test_what_is_not_compared_is_asserted(chapter):
    """What the text says of outputs that depend on data or clock is asserted, in a folded cell."""
    cells = code(chapter[2])
    checks = [cell for cell in cells if is_check(cell)]
    if not checks:  # as in the chapters whose cells still carry their own
        for cell in cells:
            tags = cell.metadata.get("tags", [])
            if "nbval-ignore-output" in tags and "setup" not in tags:
                assert re.search(r"^\s*assert ", cell.source, re.M), cell.source
        return
    (check,) = checks
    assert check.metadata.jupyter.source_hidden
    for node in ast.walk(ast.parse(check.source)):
        assert not isinstance(node, ast.Assert) or node.msg, f"say what failed: {ast.unparse(node)}"
    for cell in cells:
        assert is_check(cell) or not re.search(r"^\s*assert ", cell.source, re.M), cell.source


def test_every_picture_is_described(chapter):
    """By its metadata, which exporters read, and by the hidden text that people hear."""
    for cell in code(chapter[2]):
        for picture, text in pairwise([*cell.outputs, {}]):
            if "image/png" in picture.get("data", {}):
                alt = picture.metadata.get("image/png", {}).get("alt", "")
                assert len(alt) > 10, f"a picture without alt text: {cell.source}"
                heard = text.get("data", {}).get("text/html", "nothing")
                assert heard == hidden_text(alt), "run tools/regenerate_notebooks.py"
    for cell in chapter[2].cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"!\[\]\(|<img(?![^>]*alt=)", cell.source), cell.source


def test_it_is_no_longer_than_a_lesson(chapter):
    """At most 3,000 words and 75 minutes, and the minutes are those of tools/chapter_minutes.py."""
    path, _, notebook = chapter
    told = chapter_minutes.TIME.search(notebook.cells[0].source)
    if told:
        assert 1000 <= chapter_minutes.parts(notebook)["words"] <= 3000
        assert int(told[1]) == chapter_minutes.minutes(notebook) <= 75, (
            "run tools/chapter_minutes.py"
        )


def headings(path):
    """The anchors that JupyterLab gives a notebook's headings."""
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return {title.strip().replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.M)}


def test_its_sections_are_numbered_without_a_gap(chapter):
    """A cell that got lost with its heading is missed."""
    text = "\n".join(cell.source for cell in chapter[2].cells if cell.cell_type == "markdown")
    numbers = [int(number) for number in re.findall(r"^## (\d+) ·", text, re.M)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_its_links_lead_somewhere(chapter):
    for cell in chapter[2].cells:
        if cell.cell_type == "markdown":
            for target, anchor in re.findall(r"\]\((?!https?:|#)([^)#]+)#?([^)]*)\)", cell.source):
                path = chapter[0].parent / target
                assert path.exists(), f"{target} does not exist"
                if anchor:
                    assert anchor in headings(path), f"{target} has no {anchor!r}"


# --- the map in chapter 00, and the same table in the README


ROW = re.compile(r"^\| \[[^]]*\]\((?:notebooks/)?([^)]*)\) \|(?: (\d*) ?\|)? ([^|]+) \|$", re.M)


def rows(text):
    """What a table says of each chapter: file → (minutes or "", what you learn)."""
    return {file: (minutes, learned) for file, minutes, learned in ROW.findall(text)}


def the_map():
    (cell,) = [
        cell
        for cell in nbformat.read(FOLDER / "00-start-here.ipynb", as_version=4).cells
        if cell.source.startswith("## The map")
    ]
    return rows(cell.source)


def test_the_map_has_every_chapter_and_its_minutes():
    assert list(the_map()) == [path.name for path in CHAPTERS]
    for path in CHAPTERS:
        told = chapter_minutes.TIME.search(nbformat.read(path, as_version=4).cells[0].source)
        assert the_map()[path.name][0] == (told[1] if told else ""), "run tools/chapter_minutes.py"


def test_the_readme_describes_the_chapters_as_the_map_does():
    readme = rows((FOLDER.parent / "README.md").read_text(encoding="utf-8"))
    assert {file: learned for file, (_, learned) in readme.items()} == {
        file: learned for file, (_, learned) in the_map().items()
    }
