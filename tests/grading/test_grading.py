"""Marks: every one as expected, whatever is handed in."""

import csv
import json
import time

import nbformat
import pytest
from generated import STEMS, drawn, submission

from cnncourse.__main__ import main
from cnncourse.commands import grade
from cnncourse.grading import marking
from cnncourse.grading.chapters import chapters
from cnncourse.grading.in_kernel import MIME, report
from cnncourse.grading.submissions import submissions

FIRST = STEMS[0]


@pytest.fixture
def run(tmp_path, capsys):
    """Grade the notebooks: the exit status, the rows of the table, and what was printed."""

    def grade(*arguments):
        status = main(["grade", str(tmp_path), "--jobs", "2", *map(str, arguments)])
        said = capsys.readouterr()
        rows = []
        if (tmp_path / "marks.csv").exists():
            with open(tmp_path / "marks.csv", encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
        return status, rows, said.out + said.err

    return grade


def hand_in(folder, student, stem, notebook):
    (folder / student).mkdir(exist_ok=True)
    nbformat.write(notebook, folder / student / f"{stem}.ipynb")


def test_generated_submissions(tmp_path, run, request):
    """pytest tests/grading --submissions 30"""
    count = request.config.getoption("--submissions")
    expected = {}
    for student, stem, notebook, deserved in drawn(count, seed=0):
        hand_in(tmp_path, student, stem, notebook)
        for question, one in zip(chapters()[stem], deserved, strict=True):
            mark, state = ("", "open question") if one is None else one
            expected[student, stem, str(question.exercise.number)] = str(mark), state
    status, rows, said = run("--seed", 5)
    found = {
        (row["student"], row["chapter"], row["exercise"]): (row["mark"], row["state"])
        for row in rows
    }
    assert found == expected
    assert status == 0 and {row["seed"] for row in rows} == {"5"}
    assert "student-00   01-convolution" in said and "--seed 5 draws the same cases" in said


def test_what_goes_wrong_in_a_notebook(tmp_path, run):
    """An endless loop, a process that ends, checks that were tampered with."""
    for student, number, code in (
        ("loop", 3, "def my_conv2d(image, kernel):\n    while True:\n        pass"),
        ("end", 3, "import os\ndef my_conv2d(image, kernel):\n    os._exit(1)"),
        ("forged", 1, "by_hand = [1]\nexercises.check_by_hand = lambda answer: print('right')"),
        ("printing", 2, "print('right: ' * 3)\nprobability = 0.5"),
    ):
        notebook, _ = submission(FIRST, ["right"] * len(chapters()[FIRST]))
        (cell,) = [c for c in notebook.cells if c.id == chapters()[FIRST][number - 1].cell_id]
        cell.source = code
        hand_in(tmp_path, student, FIRST, notebook)
    status, rows, _ = run("--seconds", 30)
    marks = {(row["student"], int(row["exercise"])): row for row in rows}
    last = len(chapters()[FIRST])
    assert status == 0
    assert marks["loop", 3]["mark"] == "0" and marks["loop", 3]["text"] == "no verdict in time"
    assert marks["loop", last]["mark"] == "1", "what comes after is graded"
    assert marks["end", 1]["mark"] == "1" and marks["end", 3]["mark"] == "0"
    assert marks["end", last]["text"] == "the notebook's process ended before this exercise"
    assert marks["forged", 1]["mark"] == "0" and marks["forged", 2]["mark"] == "1"
    assert marks["printing", 2]["mark"] == "0"


def test_an_answer_that_cannot_be_stopped(tmp_path, run, monkeypatch):
    """... takes its own time, and what was answered before counts."""
    notebook, _ = submission(FIRST, ["right"] * len(chapters()[FIRST]))
    (cell,) = [c for c in notebook.cells if c.id == chapters()[FIRST][3].cell_id]
    cell.source = (
        "import time\n"
        "while True:\n"
        "    try:\n"
        "        time.sleep(1)\n"
        "    except KeyboardInterrupt:\n"
        "        pass\n"
    )
    hand_in(tmp_path, "ann", FIRST, notebook)
    monkeypatch.setattr(marking, "CELLS", 1)
    status, rows, _ = run("--seconds", 60)
    assert status == 0 and [row["mark"] for row in rows[:4]] == ["1", "1", "1", "0"]
    assert rows[3]["text"] == "the notebook was stopped: it took too long"


def test_an_answer_is_stopped_by_ctrl_c(tmp_path, run, monkeypatch):
    """... long before its time is over; the next notebook does not begin, and nothing is marked."""
    begun = tmp_path / "begun"
    begun.mkdir()
    for student in ("ann", "ben", "carl"):
        notebook, _ = submission(FIRST, ["right"] * len(chapters()[FIRST]))
        notebook.cells[1].source = (
            f"import os\nopen(f'{begun.as_posix()}/{{os.getpid()}}', 'w').close()\n"
            "while True:\n    pass\n"
        )
        hand_in(tmp_path, student, FIRST, notebook)

    def pressed(graded, **options):
        while len(list(begun.iterdir())) < 2:
            time.sleep(0.1)
        raise KeyboardInterrupt

    monkeypatch.setattr(grade, "progress", pressed)
    status, rows, _ = run("--seconds", 3600)
    assert status == 130 and not rows and len(list(begun.iterdir())) == 2


def test_an_answer_that_knows_the_cases(tmp_path, run):
    """Made from the cases that students see, it is no answer for others."""
    notebook, _ = submission(FIRST, ["right"] * len(chapters()[FIRST]))
    (cell,) = [c for c in notebook.cells if c.id == chapters()[FIRST][2].cell_id]
    cell.source = (
        "import os\n"
        "hidden = os.environ.pop('CNNCOURSE_CASES')\n"
        "from cnncourse.support.cases import case_rng\n"
        "from cnncourse.filters import conv2d\n"
        "rng = case_rng(1)\n"
        "seen = [(rng.integers(0, 10, (7, 6)), rng.integers(-3, 4, (3, 2))),\n"
        "        (rng.integers(0, 10, (5, 8)), rng.integers(-3, 4, (2, 4)))]\n"
        "table = {i.tobytes() + k.tobytes(): conv2d(i, k) for i, k in seen}\n"
        "def my_conv2d(image, kernel):\n"
        "    return table.get(image.tobytes() + kernel.tobytes(), image)\n"
        "shown = all((my_conv2d(i, k) == conv2d(i, k)).all() for i, k in seen)\n"
        "assert shown\n"
    )
    hand_in(tmp_path, "ann", FIRST, notebook)
    _, rows, _ = run()
    assert [row["mark"] for row in rows if row["exercise"] == "3"] == ["0"]


# Which notebooks, and whose


def test_notebooks_are_found_and_known_by_their_exercises(tmp_path):
    notebook, _ = submission(FIRST, ["empty"] * len(chapters()[FIRST]))
    for name in (
        "Ann Lee/homework.ipynb",
        "Ben/deep/01-convolution (1).ipynb",
        "carl-01-convolution.ipynb",
        "01-convolution.ipynb",
        "Ann Lee/.ipynb_checkpoints/homework-checkpoint.ipynb",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, tmp_path / name)
    found = submissions(tmp_path)
    assert [one.student for one in found] == ["01-convolution", "Ann Lee", "Ben", "carl"]
    assert {one.stem for one in found} == {FIRST}


def test_what_cannot_be_graded_is_named(tmp_path, run):
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "damaged.ipynb").write_text("{")
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "ann" / "empty.ipynb")
    status, rows, said = run()
    assert status == 1
    assert [row["state"] for row in rows] == ["not graded"] * 2
    assert "damaged.ipynb: no notebook" in said
    assert "empty.ipynb: no exercise of the course is in it" in said


def test_nothing_to_grade(tmp_path, run):
    assert "there is no notebook in" in run()[2]
    (tmp_path / "file").touch()
    assert main(["grade", str(tmp_path / "file")]) == 1


def test_without_nbclient(tmp_path, run, monkeypatch):
    monkeypatch.setattr(grade, "find_spec", lambda name: None)
    status, _, said = run()
    assert status == 1 and 'pip install "cnncourse[lab]"' in said


# In the student's process


@pytest.mark.parametrize(
    ("answer", "state", "text"),
    [
        (lambda: ([3, 6, 11, -2, -4],), "right", "three copies"),
        (lambda: (None,), "not answered yet", ""),
        (lambda: (by_hand,), "not yet", "there is no answer: name 'by_hand'"),  # noqa: F821
        (lambda: (1 / 0,), "not yet", "the check failed: ZeroDivisionError"),
    ],
)
def test_the_verdict_is_handed_on(answer, state, text, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    report(FIRST, 1, answer)
    verdict = json.loads(shown[0][MIME])
    assert verdict["state"] == state and verdict["text"].startswith(text)


# nbgrader


def test_a_chapter_becomes_an_assignment(tmp_path, request, monkeypatch):
    """Each answer may be changed, and a locked test worth a point stands behind it."""
    monkeypatch.syspath_prepend(request.config.rootpath / "docs" / "instructors")
    import nbgrader_source

    notebook = nbgrader_source.source(FIRST)
    nbformat.validate(notebook)
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    for answer, test in zip(marked[::2], marked[1::2], strict=True):
        assert answer.metadata.nbgrader.solution and not answer.metadata.nbgrader.locked
        assert test.metadata.nbgrader.grade and test.metadata.nbgrader.locked
        assert notebook.cells.index(test) == notebook.cells.index(answer) + 1
        assert test.source.splitlines()[0] == f"verdict = {answer.source.splitlines()[-1]}"
    assert len(marked) == 2 * sum(not question.is_open for question in chapters()[FIRST])
