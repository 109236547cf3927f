"""What is said of one thing that was looked at. (Old Pythons read this file: see the room.)"""

from typing import NamedTuple

OK, WARNING, TO_DO = VERDICTS = "ok", "warning", "to do"


class Diagnosis(NamedTuple):
    """A verdict, what was found, and what a person can do where it is not ``"ok"``.

    ``"warning"``: the course runs, but something is slower, missing or untested. ``"to do"``: it
    does not run like this.
    """

    verdict: str
    text: str
    advice: str = ""


def worst(verdicts):
    """The gravest of several verdicts.

    >>> worst(["warning", "ok"])
    'warning'
    """
    return max(verdicts, key=VERDICTS.index)
