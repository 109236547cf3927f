"""What goes into a work folder: every chapter, with links that lead somewhere."""

import json
import posixpath
import re

import pytest

from cnncourse.support.course import course_folder
from cnncourse.work_folder import course_files as module
from cnncourse.work_folder.course_files import course_files

TOP = course_folder()
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.fixture(scope="module")
def files():
    return course_files()


def markdown(name, content):
    if name.endswith(".md"):
        return content.decode()
    cells = json.loads(content)["cells"]
    return "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")


def test_every_chapter_and_photograph_is_there(files):
    chapters = {path.name for path in (TOP / "notebooks").glob("*.ipynb")}
    assert {f"notebooks/{name}" for name in chapters} <= files.keys()
    assert sum(name.endswith(".jpg") for name in files) == 300


def test_names_are_different_on_every_system(files):
    """... also where capital letters do not count; and Windows has no such characters."""
    assert len({name.casefold() for name in files}) == len(files)
    assert not [name for name in files if re.search(r'[<>:"\\|?*]|[. ](/|$)', name)]


def test_no_link_is_dead(files):
    count = 0
    for name, content in files.items():
        if name.endswith((".md", ".ipynb")):
            for target in LINK.findall(markdown(name, content)):
                place = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
                assert place in files or any(one.startswith(f"{place}/") for one in files), name
                count += 1
    assert count > 100


def test_nothing_else_is_changed(files):
    """A chapter without such links is the same, byte for byte, and all code is."""
    changed = []
    for name, content in files.items():
        original = (TOP / name).read_bytes()
        if name.endswith(".ipynb") and content != original:
            changed.append(name)
            before, after = json.loads(original), json.loads(content)
            for old, new in zip(before["cells"], after["cells"], strict=True):
                assert old == new or old["cell_type"] == "markdown"
        elif not name.endswith(".md"):
            assert content == original
    assert 0 < len(changed) < 10


def test_a_link_to_a_file_that_stays_in_the_clone():
    there = {"notebooks/01-a.ipynb", "data/photos/x.jpg"}

    def linked(text):
        return module._without_dead_links(text, "notebooks/01-a.ipynb", there)

    assert linked("[`a.py`](../cnncourse/a.py).") == "`cnncourse/a.py`."
    assert linked("[MIT](../LICENSE#one)") == "MIT (`LICENSE`)"
    for kept in ("[one](01-a.ipynb#two)", "[photos](../data/photos)", "[x](https://a.org/b)"):
        assert linked(kept) == kept


@pytest.mark.parametrize("solutions", [True, False])
def test_solutions_may_stay_away(tmp_path, monkeypatch, solutions):
    notebook = json.dumps({"cells": []})
    for name in ("notebooks/01-a.ipynb", "notebooks/solutions/01-a.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook)
    monkeypatch.setattr(module, "course_folder", lambda: tmp_path)
    assert ("notebooks/solutions/01-a.ipynb" in course_files(solutions)) == solutions
    assert "notebooks/01-a.ipynb" in course_files(solutions)
