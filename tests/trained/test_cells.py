"""Chapters whose networks come trained: which lines are left out, and that all is kept."""

import ast
import json

import pytest

from cnncourse.support.course import course_folder
from cnncourse.trained import cells, kept
from cnncourse.work_folder.course_files import course_files

CHAPTERS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((course_folder() / "notebooks").glob("*.ipynb"))
}
TRAININGS = [
    pytest.param(stem, cell, id=f"{stem}-{cell['id']}")
    for stem, notebook in CHAPTERS.items()
    for cell in notebook["cells"]
    if "trained" in cell["metadata"]
]


def cell(source):
    said = {"model": "net", "history": "history"}
    return {"id": "b", "metadata": {"trained": said}, "source": source.splitlines(keepends=True)}


def shortened(one):
    """The cell's source where the network comes trained, without the comments that say so."""
    cells.with_trained({"cells": [one]}, "a")
    return "".join(one["source"]).replace(cells.SAID.split("from cnncourse")[0], "")


def test_a_fit_is_left_out():
    one = cell("net = build()\nhistory = net.fit(\n    x,\n\n    y,\n)\nprint(history)")
    assert shortened(one) == (
        "net = build()\n"
        "from cnncourse.trained import load_trained\n"
        "history = load_trained('a', 'b', net)\n"
        "# history = net.fit(\n#     x,\n# \n#     y,\n# )\n# print(history)"
    )


def test_other_cells_stay():
    other = {"id": "c", "metadata": {}, "source": ["history = net.fit(x)"]}
    cells.with_trained({"cells": [other]}, "a")
    assert other["source"] == ["history = net.fit(x)"]


# The chapters


@pytest.mark.parametrize(("stem", "cell"), TRAININGS)
def test_its_training_is_kept(stem, cell):
    """... and later cells read nothing else that it makes."""
    assert kept.path_of(stem, cell["id"]).is_file(), "run tools/train_chapters.py"
    found, all_cells = cells.training(cell), CHAPTERS[stem]["cells"]
    later = [one for one in all_cells[all_cells.index(cell) + 1 :] if one["cell_type"] == "code"]
    made = names(found.lines, ast.Store)
    read = set().union(*(names("".join(one["source"]), ast.Load) for one in later))
    assert made & read <= {found.model, found.history}


def names(source, context):
    """The names that some lines read, or give a value."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
    return {node.id for node in nodes if isinstance(node.ctx, context)}


def test_nothing_else_is_kept():
    wanted = {kept.path_of(param.values[0], param.values[1]["id"]) for param in TRAININGS}
    assert wanted == set((course_folder() / "notebooks" / "trained").rglob("*.npz"))


def test_a_work_folder_has_them():
    with_them, plain = course_files(trained=True), course_files()
    assert with_them.keys() == plain.keys()
    changed = {name for name in plain if with_them[name] != plain[name]}
    assert changed == {f"notebooks/{param.values[0]}.ipynb" for param in TRAININGS} != set()
    for name in changed:
        for one in json.loads(with_them[name])["cells"]:
            if "trained" in one["metadata"]:
                ast.parse("".join(one["source"]))
