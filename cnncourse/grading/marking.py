"""Marking a notebook: all its cells are run, and after each answer its check is asked anew."""

import asyncio
import json
import os
from operator import itemgetter
from time import monotonic

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from ..support.verdict import NOT_YET, RIGHT
from .chapters import chapters
from .exercise_cells import without_check
from .in_kernel import MIME
from .marks import Mark
from .submissions import answer_cells

OPEN, NOT_GRADED = "open question", "not graded"  # states beside a verdict's
CELLS = 10  # times a cell's time is what a notebook may take
LOOK = 0.5  # seconds, in which it is seen that the notebook is to be stopped
ASK = (
    "from cnncourse.grading.in_kernel import report as _report\n"
    "_report({stem!r}, {number}, lambda: ({answer},))"
)


def mark(submission, folder, seed, seconds, stop):
    """The marks of one notebook, a list of `Mark`, for each exercise of its chapter.

    Arguments: ``submission``: see `submissions`; ``folder``: to run it in, where ``../data`` leads
    to the course's photographs; ``seed``: of the cases that the checks draw; ``seconds``: that a
    cell may take, before it is stopped; ``stop``: a ``threading.Event``, which stops the notebook
    within a second or two.

    The student's own calls of the checks do not count, nor stored outputs. A cell that fails stops
    nothing.
    """
    if submission.fault:
        return [_mark(submission, seed, "", "", 0, NOT_GRADED, submission.fault)]
    asked = _with_questions(submission)
    fault = _run(submission.notebook, folder, seed, seconds, stop)
    return [
        _judged(submission, seed, question, cell, fault)
        for question, cell in zip(chapters()[submission.stem], asked, strict=True)
    ]


def _with_questions(submission):
    """Insert a cell behind each answer that asks its check; gives these cells, None without one.

    The student's own call goes: a check may take its time.
    """
    cells, asked = submission.notebook.cells, []
    positions = answer_cells(submission.notebook, submission.stem)
    for question, position in zip(chapters()[submission.stem], positions, strict=True):
        asked.append(None if position is None else _question_cell(submission.stem, question))
    there = [pair for pair in zip(positions, asked, strict=True) if pair[0] is not None]
    for position, cell in sorted(there, key=itemgetter(0), reverse=True):
        cells[position].source = without_check(cells[position].source)
        cells.insert(position + 1, cell)
    return asked


def _question_cell(stem, question):
    number, answer = question.exercise.number, question.answer
    return nbformat.v4.new_code_cell(ASK.format(stem=stem, number=number, answer=answer))


def _run(notebook, folder, seed, seconds, stop):
    """Run all cells. Gives why not all of them could be, or ``""``."""
    client = NotebookClient(
        notebook,
        timeout=seconds,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    environment = os.environ | {"CNNCOURSE_CASES": str(seed), "CNNCOURSE_QUICK": "1"}
    environment |= {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # many run at once
    try:
        asyncio.run(_within(CELLS * seconds, stop, client.async_execute(env=environment)))
    except TimeoutError:
        return "the notebook was stopped: it took too long"
    except DeadKernelError:
        return "the notebook's process ended before this exercise"
    except Exception as error:  # whatever keeps one notebook from running must not stop the others
        return f"the notebook could not be run: {type(error).__name__}: {error}"
    return ""


async def _within(seconds, stop, run):
    """Await it for so long, or until ``stop`` is set; then TimeoutError is raised in any case."""
    task, end = asyncio.ensure_future(run), monotonic() + seconds
    while not (task.done() or stop.is_set() or monotonic() > end):
        await asyncio.wait([task], timeout=LOOK)
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise TimeoutError
    return task.result()


def _judged(submission, seed, question, cell, fault):
    exercise = question.exercise
    if question.is_open:
        return _mark(submission, seed, exercise.number, exercise.title, "", OPEN, "")
    verdict = _verdict(cell)
    if verdict is None:
        lacking = "its cell is not there" if cell is None else fault or "no verdict in time"
        verdict = {"state": NOT_YET, "text": lacking}
    points = int(verdict["state"] == RIGHT)
    return _mark(submission, seed, exercise.number, exercise.title, points, **verdict)


def _verdict(cell):
    for output in [] if cell is None else cell.get("outputs", []):
        if MIME in output.get("data", {}):
            return json.loads(output["data"][MIME])
    return None


def _mark(submission, seed, number, title, points, state, text):
    student, path = submission.student, str(submission.path)
    return Mark(student, submission.stem, number, title, points, state, text, seed, path)
