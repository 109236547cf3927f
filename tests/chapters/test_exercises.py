"""All exercises: those of the notebooks are those of the package, and checks judge them rightly.

Right and wrong answers stand in ``answers/``, one file a chapter: check → (answer, …, hint), and
the check's verdict on the answer holds the hint. It is right if the hint begins with "right".
"""

import importlib
import inspect
import re
from pathlib import Path

import make_solutions
import nbformat
import pytest
import solution_code

from cnncourse.grading import exercise_cells
from cnncourse.grading.chapters import package_exercises
from cnncourse.support.exercise import Exercise, OpenQuestion
from cnncourse.support.verdict import NOT_ANSWERED, NOT_YET, Verdict

PATHS = [path for path in sorted(make_solutions.CHAPTERS.glob("*.ipynb"))
         if package_exercises(path.stem)]  # fmt: skip
NAMES = [path.stem[3:].replace("-", "_") for path in PATHS]
EXERCISES = [
    pytest.param(exercise, id=f"{name}-{exercise.number}")
    for path, name in zip(PATHS, NAMES, strict=True)
    for exercise in package_exercises(path.stem)
    if isinstance(exercise, Exercise)
]


def answers(name):
    """Answers to a chapter's exercises: check → tuples, the last item of each is the hint."""
    return importlib.import_module(f"answers.{name}").ANSWERS


JUDGED = [
    pytest.param(check, answer, hint, id=f"{name}-{check.__name__}-{number}")
    for name in NAMES
    for check, given in answers(name).items()
    for number, (*answer, hint) in enumerate(given)
]


def test_there_are_exercises_in_every_chapter():
    chapters = Path(inspect.getfile(importlib.import_module("cnncourse.chapters"))).parent
    assert sorted(NAMES) == sorted(path.parent.name for path in chapters.glob("*/exercises.py"))


@pytest.fixture(params=PATHS, ids=NAMES)
def path(request):
    return request.param


def test_the_notebook_has_the_exercises_of_the_package(path):
    asked, known = exercise_cells.read(path), package_exercises(path.stem)
    assert [each.number for each in asked] == list(range(1, len(asked) + 1))
    assert [(each.number, each.check) for each in asked] == [
        (each.number, each.check.__name__ if isinstance(each, Exercise) else None) for each in known
    ]
    for cells, exercise in zip(asked, known, strict=True):
        assert cells.is_open == isinstance(exercise, OpenQuestion), cells.question
        assert cells.hints, f"exercise {cells.number} has no hint"
        assert "Solution" not in cells.text, "solutions have a notebook of their own"


def test_an_empty_answer_is_none_and_stops_no_run(path):
    """All of a chapter's cells as they stand, one after the other."""
    chapter = nbformat.read(path, as_version=4)
    module = importlib.import_module(f"cnncourse.chapters.{NAMES[PATHS.index(path)]}.exercises")
    cells = [each for each in exercise_cells.exercises(chapter) if each.answer]
    code = [solution_code.Code(each.answer, module) for each in cells]
    names = {}
    exec(solution_code.imports(code, chapter), names)
    for each in cells:
        *_, call = each.answer.splitlines()
        exec(each.answer, names)
        assert eval(call, names).state == NOT_ANSWERED, each.answer
        assert [output["data"]["text/plain"] for output in each.outputs] == [NOT_ANSWERED]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_solution_is_right(exercise, capsys):
    assert exercise.check(*exercise.answers())
    assert not capsys.readouterr().out, "a check prints nothing"


@pytest.mark.parametrize(("check", "answer", "hint"), JUDGED)
def test_a_check_says_what_is_wrong(check, answer, hint, capsys):
    verdict = check(*answer)
    assert isinstance(verdict, Verdict) and "\n" not in repr(verdict)
    assert hint in repr(verdict)
    assert bool(verdict) == hint.startswith("right")
    assert not capsys.readouterr().out, "a check prints nothing"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_check_names_two_mistakes_at_least(exercise):
    (judged,) = [known for known in map(answers, NAMES) if exercise.check in known]
    hints = {hint for *_, hint in judged[exercise.check] if not hint.startswith("right")}
    assert len(hints - {NOT_ANSWERED}) >= 2


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_check_does_not_give_the_answer_away(exercise):
    """No hint holds the number that is asked for, unless the student has given it."""
    wanted = [value for value in exercise.answers() if isinstance(value, int) and value > 9]
    (judged,) = [known for known in map(answers, NAMES) if exercise.check in known]
    for *answer, _ in judged[exercise.check]:
        verdict, given = exercise.check(*answer), str(answer).replace(",", "")
        for value in map(str, wanted):
            if verdict.state == NOT_YET and value not in given:
                said = verdict.text.replace(",", "")
                assert not re.search(rf"(?<!\d){value}(?!\d)", said), said


def test_the_solutions_notebook_is_that_of_the_package(path):
    stored = nbformat.read(make_solutions.FOLDER / path.name, as_version=4)
    made = make_solutions.solutions(path)
    assert [cell.source for cell in stored.cells] == [cell.source for cell in made.cells], (
        "run tools/make_solutions.py"
    )
    for cell in stored.cells:
        if cell.id.startswith("code-"):
            (output,) = cell.outputs
            assert output["data"]["text/plain"].startswith("right: "), cell.source


def test_there_are_no_other_solutions():
    stored = {path.name for path in make_solutions.FOLDER.glob("*.ipynb")}
    assert stored == {path.name for path in PATHS}
