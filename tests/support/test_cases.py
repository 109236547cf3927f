"""The cases that answers are tried on: always the same, until who grades sets another seed."""

import os
import subprocess
import sys

import pytest

from cnncourse.support.cases import VARIABLE, case_rng

CODE = """
import importlib
from cnncourse.grading.chapters import chapters

for stem, questions in chapters().items():
    wrong = importlib.import_module("answers." + stem[3:].replace("-", "_")).ANSWERS
    for question in questions:
        if not question.is_open:
            verdict = question.exercise.check(*question.exercise.answers())
            assert verdict, (stem, question.exercise.title, verdict)
            for *answer, hint in wrong[question.exercise.check]:
                verdict = question.exercise.check(*answer)
                assert bool(verdict) == hint.startswith("right"), (stem, hint, verdict)
                assert hint in repr(verdict), (stem, hint, verdict)
"""


def test_they_stay_the_same_until_a_seed_is_set(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    drawn = case_rng(1).random(3).tolist()
    assert case_rng(1).random(3).tolist() == drawn != case_rng(2).random(3).tolist()
    monkeypatch.setenv(VARIABLE, "7")
    hidden = case_rng(1).random(3).tolist()
    assert case_rng(1).random(3).tolist() == hidden not in (drawn, case_rng(2).random(3).tolist())


@pytest.mark.parametrize("seed", range(3))
def test_any_seed_tells_right_from_wrong(seed, request):
    """... in every check, and names the same mistakes: the solutions and tests/chapters/answers."""
    answers = str(request.config.rootpath / "tests" / "chapters")
    path = os.pathsep.join([answers, *sys.path])
    environment = os.environ | {VARIABLE: str(seed), "PYTHONPATH": path}
    environment["NUMBA_ENABLE_CUDASIM"] = "1"  # for the checks of chapter 18
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
