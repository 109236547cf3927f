"""``python -m cnncourse slides``."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from cnncourse.__main__ import main
from cnncourse.commands.slides import find

pytest.importorskip("nbconvert", reason="slides need nbconvert")


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    cell = new_markdown_cell("# 42 · Own", metadata={"slideshow": {"slide_type": "slide"}})
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "42-own.ipynb")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "42-own.ipynb"


@pytest.mark.parametrize("name", ["42", "42-own.ipynb"])
def test_a_number_or_a_file(notebook, name, capsys):
    assert main(["slides", name, "--folder", "shown"]) == 0
    assert "42 · Own" in (notebook.parent / "shown" / "42-own.slides.html").read_text("utf-8")
    assert "42-own.slides.html" in capsys.readouterr().out


def test_the_courses_own_chapters_are_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find("5").name == "05-building-a-cnn.ipynb"


def test_ones_own_copy_comes_first(notebook):
    (notebook.parent / "notebooks").mkdir()
    own = notebook.parent / "notebooks" / "05-mine.ipynb"
    own.write_bytes(notebook.read_bytes())
    assert find("05").samefile(own)


def test_what_there_is_not_is_named(notebook):
    with pytest.raises(FileNotFoundError, match="no chapter 77 in"):
        find("77")
    with pytest.raises(FileNotFoundError, match="no notebook none.ipynb"):
        find("none.ipynb")
