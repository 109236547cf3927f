"""The exercises of the chapters: as the notebooks ask them, and as the package judges them."""

import ast
import importlib.util
from dataclasses import dataclass
from functools import cache

from ..support.course import course_folder
from ..support.exercise import Exercise
from . import exercise_cells


@dataclass(frozen=True)
class Question:
    """An exercise of a chapter."""

    exercise: object  # an Exercise or an OpenQuestion
    cell_id: str  # of the cell where it is answered; None for an open question
    answer: str  # what its check is called with, as source

    @property
    def is_open(self):
        """Whether a person has to judge the answer."""
        return not isinstance(self.exercise, Exercise)

    @property
    def check(self):
        """The name of its check; None for an open question."""
        return None if self.is_open else self.exercise.check.__name__


@cache
def chapters():
    """The questions of each chapter that has exercises: lists by the stems of the notebooks."""
    paths = sorted((course_folder() / "notebooks").glob("*.ipynb"))
    return {path.stem: _questions(path) for path in paths if package_exercises(path.stem)}


def package_exercises(stem):
    """The exercises that the package has for a chapter's notebook; () for other notebooks.

    >>> package_exercises("01-convolution")[0].title
    'By hand'
    """
    module = f"cnncourse.chapters.{stem[3:].replace('-', '_')}"
    if importlib.util.find_spec(module) is None:
        return ()
    return importlib.import_module(f"{module}.exercises").EXERCISES


def _questions(path):
    cells = {each.number: each for each in exercise_cells.read(path)}
    return [
        Question(exercise, cell.cell_id, _arguments(cell.answer))
        for exercise in package_exercises(path.stem)
        if (cell := cells[exercise.number])
    ]


def _arguments(source):
    """What the check in a cell's last line is called with."""
    if source is None:
        return ""
    return ", ".join(map(ast.unparse, exercise_cells.last_call(source).args))
