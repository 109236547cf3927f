"""What runs in the process of a student's notebook, behind each cell that answers an exercise."""

import json

from ..support.verdict import NOT_YET
from .chapters import package_exercises

MIME = "application/vnd.cnncourse.verdict+json"


def report(stem, number, answers):
    """Ask the check of an exercise, and hand its verdict on as the cell's output.

    Arguments: ``stem``: of the chapter's notebook; ``number``: of the exercise; ``answers``: a
    function that gives what the check is called with. Whatever fails there is the student's.
    """
    from IPython.display import display

    state, text = _verdict(stem, number, answers)
    display({MIME: json.dumps({"state": state, "text": text})}, raw=True)


def _verdict(stem, number, answers):
    (exercise,) = [each for each in package_exercises(stem) if each.number == number]
    try:
        verdict = exercise.check(*answers())
    except NameError as error:  # the cell failed, or the answer has another name
        return NOT_YET, f"there is no answer: {error}"
    except Exception as error:
        return NOT_YET, f"the check failed: {type(error).__name__}: {error}"
    return verdict.state, verdict.text
