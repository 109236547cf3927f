"""What was handed in: notebooks in a folder, whose they are, and of which chapter."""

from dataclasses import dataclass
from pathlib import Path

import nbformat

from .chapters import chapters
from .exercise_cells import called_check


@dataclass(frozen=True)
class Submission:
    """A student's notebook."""

    student: str
    path: Path
    stem: str  # of the chapter's notebook; "" where it is of none
    notebook: object  # as `nbformat` has it, None where it cannot be read
    fault: str = ""  # why it cannot be graded


def submissions(folder):
    """All notebooks in a folder and below, in the order of their paths.

    In a folder of its own, which bears the student's name, a notebook may have any name; else the
    student's is what the file's has beside the chapter's: ``ann-01-convolution.ipynb``.
    """
    paths = (
        path
        for path in sorted(folder.rglob("*.ipynb"))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return [_submission(path, folder) for path in paths]


def _submission(path, folder):
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # a damaged file has many ways to fail
        reason = f"no notebook: {type(error).__name__}"
        return Submission(_student(path, folder, ""), path, "", None, reason)
    stem = _chapter(notebook, path.stem)
    fault = "" if stem else "no exercise of the course is in it"
    return Submission(_student(path, folder, stem), path, stem, notebook, fault)


def _student(path, folder, stem):
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else path.stem.replace(stem, "").strip(" -_.") or path.stem


def _chapter(notebook, name):
    """The chapter most of whose exercises are in the notebook; the file's name settles a draw."""
    found = {
        stem: (sum(cell is not None for cell in answer_cells(notebook, stem)), stem in name)
        for stem in chapters()
    }
    best = max(found, key=found.get)
    return best if found[best][0] else ""


def answer_cells(notebook, stem):
    """For each question of a chapter, the position of the cell where it is answered, or ``None``.

    A cell is known by its id, or else, since some editors give new ones, by the check that it
    calls.
    """
    by_id, by_check = {}, {}
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            by_id[cell.get("id")] = position
            by_check[called_check(cell.source)] = position
    return [
        None if question.is_open else by_id.get(question.cell_id, by_check.get(question.check))
        for question in chapters()[stem]
    ]
