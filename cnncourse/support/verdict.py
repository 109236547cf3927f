"""What a check says of an answer to an exercise: right, not yet, or not answered yet.

A check returns its verdict. Where the check is the last line of a cell, a notebook shows the
verdict's line.
"""

from dataclasses import dataclass

RIGHT, NOT_YET, NOT_ANSWERED = "right", "not yet", "not answered yet"


@dataclass(frozen=True)
class Verdict:
    """True when the answer is right; its repr is the line that a student reads.

    ``state``: ``RIGHT``, ``NOT_YET`` or ``NOT_ANSWERED``; ``text``: what is said besides, one line.
    """

    state: str
    text: str = ""

    def __bool__(self):
        return self.state == RIGHT

    def __repr__(self):
        return f"{self.state}: {self.text}" if self.text else self.state


def right(text):
    """The verdict on a right answer; ``text``: why it is right, or what follows from it.

    >>> right("three copies of the kernel, shifted and added")
    right: three copies of the kernel, shifted and added
    >>> bool(right("27 of 216 ways"))
    True
    """
    return Verdict(RIGHT, text)


def not_yet(text):
    """The verdict on a wrong answer; ``text``: the mistake, if the check knows it, or what to do.

    >>> not_yet("both blocks normalise")
    not yet: both blocks normalise
    """
    return Verdict(NOT_YET, text)


def not_answered():
    """The verdict on an exercise that nobody has begun: None, or a function that returns None.

    >>> not_answered(), bool(not_answered())
    (not answered yet, False)
    """
    return Verdict(NOT_ANSWERED)
