"""Every cell can be run again: Shift-Enter once more spoils nothing.

    pytest --rerun front tests/test_notebook_reruns.py -n 2 --dist load
    pytest --rerun whole …

Each chapter's cells run in a fresh kernel, each of them twice: in ``front``, up to the first one
that trains for long. ``whole`` takes many minutes. Plain ``pytest`` leaves this file out: nbval
runs every chapter already, once.

No cell may fail that is not meant to, and what a cell says must be what the chapter shows, however
often those before it were run. (Cells whose output depends on data or clock are tagged, and only
have to run.)
"""

import re
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

CHAPTERS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
TRAINS = re.compile(r"\.fit\(|\.train_on_batch\(|run_all\(|trained?\(")
NEXT_EPOCH = "next(iter("  # of a folder, whose epochs come in different orders


def texts(cell):
    """What the cell says in words: printed lines, results, descriptions of pictures, errors."""
    said = []
    for output in cell["outputs"]:
        said.append(output.get("text", ""))
        said.append(output.get("data", {}).get("text/plain", ""))
        said.append(output.get("ename", ""))
    return "".join(said).strip()


def twice(path, whole):
    """The notebook with each of its code cells twice, run; pairs (as committed, first, second)."""
    notebook = nbformat.read(path, as_version=4)
    committed = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if not whole and TRAINS.search(cell.source):
            break
        committed.append(cell)
    notebook.cells = [deepcopy(cell) for cell in committed for _ in range(2)]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    NotebookClient(
        notebook,
        timeout=1800,
        kernel_name="python3",
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    return zip(committed, notebook.cells[::2], notebook.cells[1::2], strict=True)


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_every_cell_can_be_run_again(path, request):
    for cell, first, second in twice(path, request.config.getoption("--rerun") == "whole"):
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            continue
        assert texts(first) == texts(cell), cell.source
        if NEXT_EPOCH not in cell.source:
            assert texts(second) == texts(cell), cell.source
