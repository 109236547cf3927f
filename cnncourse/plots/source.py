"""The source of a function, shown in a notebook in colours."""

import inspect
from textwrap import dedent

from ..support.arguments import described


class Source:
    """Text of a program; notebooks show it in colours.

    >>> Source("x = 1")
    x = 1
    """

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return f"```python\n{self.text}\n```"


def source(function):
    """The source of a function, as it stands in its file.

    ``function``: a Python function, or one that numba has compiled. Returns a `Source`. Raises
    ``TypeError`` for anything else, and where there is no file to read.

    >>> from cnncourse.support.text import duration
    >>> print(source(duration).text.splitlines()[0])
    def duration(seconds):
    """
    plain = getattr(function, "py_func", function)
    try:
        lines = inspect.getsource(plain) if inspect.isroutine(plain) else None
    except (OSError, TypeError):  # written in C, or typed into a prompt
        lines = None
    if lines is None:
        raise TypeError(
            f"function must be a Python function that stands in a file, got {described(function)}"
        )
    return Source(dedent(lines).rstrip())
