"""Run chapters' long trainings on whole data sets, and keep what they learn.

    python tools/train_chapters.py                        all chapters
    python tools/train_chapters.py notebooks/07-*.ipynb   some of them

Cells whose metadata have "trained" are meant: see cnncourse/trained. What is kept lies in
notebooks/trained, and belongs to the wheel. Set CNNCOURSE_DATA as for regenerate_notebooks.py.
"""

import argparse
from pathlib import Path

import nbformat
import regenerate_notebooks

from cnncourse.trained.cells import training
from cnncourse.trained.kept import path_of

KEEP = """
from pathlib import Path as _Path

from cnncourse.trained.kept import keep as _keep

_keep(_Path({path!r}), {model}, {history})
"""


def trainings(notebook):
    """The notebook's trainings, by the positions of their cells."""
    found = {position: training(cell) for position, cell in enumerate(notebook.cells)}
    return {position: each for position, each in found.items() if each is not None}


def keeping(notebook, stem):
    """Cut the notebook off behind its last training, and keep each as soon as it has ended."""
    found = trainings(notebook)
    notebook.cells = notebook.cells[: max(found) + 1]
    for position, each in found.items():
        cell = notebook.cells[position]
        path = str(path_of(stem, cell.id))
        cell.source += KEEP.format(path=path, model=each.model, history=each.history)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all chapters")
    chapters = parser.parse_args().notebooks or sorted(regenerate_notebooks.FOLDER.glob("*.ipynb"))
    for path in chapters:
        notebook = nbformat.read(path, as_version=4)
        if trainings(notebook):
            print(path, flush=True)
            keeping(notebook, path.stem)
            regenerate_notebooks.run(notebook, path.parent)


if __name__ == "__main__":
    main()
