"""Made-up submissions, and the marks that they deserve."""

import nbformat
import numpy as np
import solution_code

from cnncourse.grading import exercise_cells
from cnncourse.grading.chapters import chapters
from cnncourse.support.course import course_folder
from cnncourse.support.verdict import NOT_ANSWERED, NOT_YET, RIGHT

STEMS = ("01-convolution", "07-mnist-with-sgd", "10-mnist-with-dropout")
KINDS = ("right", "empty", "wrong", "raising", "deleted", "without its check", "with another id")


def submission(stem, kinds):
    """A notebook with the exercises of a chapter, each answered in the way that ``kinds`` says.

    It has the chapter's cells, but for those that are no exercise's. Gives the notebook, and for
    each exercise (mark, state), or ``None`` for an open question.
    """
    chapter = nbformat.read(course_folder() / "notebooks" / f"{stem}.ipynb", as_version=4)
    asked = {each.number: each for each in exercise_cells.exercises(chapter)}
    cells, code, expected = [], [], []
    for question, kind in zip(chapters()[stem], kinds, strict=True):
        if question.is_open:
            expected.append(None)
            continue
        empty = asked[question.exercise.number].answer
        right = solution_code.answered(empty, question.exercise.solution)
        code.append(right)
        cell = nbformat.v4.new_code_cell(_source(kind, empty, right.source), id=question.cell_id)
        if kind == "with another id":
            cell.id = f"new-{question.cell_id}"
        if kind != "deleted":
            cells.append(cell)
        good = kind in ("right", "without its check", "with another id")
        state = RIGHT if good else NOT_ANSWERED if kind == "empty" else NOT_YET
        expected.append((int(good), state))
    imports = nbformat.v4.new_code_cell(solution_code.imports(code, chapter))
    cells = [nbformat.v4.new_markdown_cell("# Mine"), imports, *cells]
    return nbformat.v4.new_notebook(cells=cells), expected


def _source(kind, empty, right):
    if kind == "empty":
        return empty
    if kind == "raising":
        return f"1 / 0\n{right}"
    if kind == "wrong":
        name = _first_name(right)
        return f"{right}\n{name} = 'no idea'"
    if kind == "without its check":
        return exercise_cells.without_check(right)
    return right


def _first_name(source):
    """What the check is called with first: the name of the student's answer."""
    return exercise_cells.last_call(source).args[0].id


def drawn(count, seed):
    """So many submissions: (student, stem, notebook, what is expected)."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        stem = STEMS[number % len(STEMS)]
        kinds = rng.choice(KINDS, len(chapters()[stem]))
        yield f"student-{number:02}", stem, *submission(stem, kinds)
