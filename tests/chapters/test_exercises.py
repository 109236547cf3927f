"""All exercises: those of the notebooks are those of the package, and checks judge them rightly.

Right and wrong answers stand in ``answers/``, one file a chapter: check → (answer, …, hint), and
the check's verdict on the answer holds the hint. It is right if the hint begins with "right".
"""

import importlib
import re
from numbers import Real
from pathlib import Path

import make_solutions
import nbformat
import odd_answers
import pytest
import solution_code

import cnncourse.chapters
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


def test_every_chapter_but_the_first_has_exercises():
    """00 shows the course, 98 and 99 are to look things up; the folders have no others."""
    numbered = {path.stem for path in make_solutions.CHAPTERS.glob("[0-9]*.ipynb")}
    without = numbered - {path.stem for path in PATHS}
    assert sorted(stem[:2] for stem in without) == ["00", "98", "99"]
    for stem in without:
        assert not exercise_cells.read(make_solutions.CHAPTERS / f"{stem}.ipynb")
    chapters = Path(cnncourse.chapters.__file__).parent
    assert sorted(NAMES) == sorted(path.parent.name for path in chapters.glob("*/exercises.py"))


def test_every_check_and_every_list_of_answers_belongs_to_an_exercise(path):
    name = NAMES[PATHS.index(path)]
    module = importlib.import_module(f"cnncourse.chapters.{name}.exercises")
    checks = [each.check for each in package_exercises(path.stem) if isinstance(each, Exercise)]
    assert list(answers(name)) == checks
    assert {each for each in vars(module) if each.startswith("check_")} <= {
        check.__name__ for check in checks
    }


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
        labels = re.findall("<summary>(Hint.*?)</summary>", cells.text)
        assert labels == [f"Hint {k + 1}" for k in range(len(cells.hints))], labels
        assert len(labels) >= 2, f"exercise {cells.number} has its hints one by one, two at least"
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
    verdicts = [exercise.check(*answer) for *answer, _ in judged[exercise.check]]
    assert len({each.text for each in verdicts if each.state == NOT_YET}) >= 2


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_check_does_not_give_the_answer_away(exercise):
    """No hint holds a number that is asked for, unless the student has given it."""
    wanted = list(telling_numbers(exercise))
    (judged,) = [known for known in map(answers, NAMES) if exercise.check in known]
    for *answer, _ in judged[exercise.check]:
        verdict, given = exercise.check(*answer), str(answer).replace(",", "")
        for value in wanted:
            if verdict.state == NOT_YET and value not in given:
                said = verdict.text.replace(",", "")
                assert not re.search(rf"(?<![\d.]){re.escape(value)}(?!\d)", said), said


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_check_has_a_verdict_on_anything(exercise, capsys):
    """... in the place of each of its answers: one line, which a student can read."""
    right = exercise.answers()
    for place in range(len(right)):
        for odd in (*odd_answers.VALUES, *odd_answers.FUNCTIONS):
            verdict = exercise.check(*right[:place], odd, *right[place + 1 :])
            assert isinstance(verdict, Verdict) and not verdict, (odd, verdict)
            assert "\n" not in repr(verdict) and len(repr(verdict)) < 300
    assert not capsys.readouterr().out, "a check prints nothing"


def telling_numbers(exercise):
    """The numbers of its answers as texts: those of two digits or more, which say something."""
    for answer in exercise.answers():
        for value in answer if isinstance(answer, (list, tuple, set)) else [answer]:
            if isinstance(value, Real):
                text = str(value) if isinstance(value, int) else f"{value:.3g}"
                if sum(map(str.isdigit, text.lstrip("-0."))) >= 2:
                    yield text


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
