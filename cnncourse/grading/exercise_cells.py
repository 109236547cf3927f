"""The exercises of a chapter's notebook: their numbers, questions, hints and cells.

An exercise begins with its number, ``**3.**`` at the beginning of a line, and ends with the next
one, or with a heading. A cell whose last line calls a check is where it is answered.
"""

import ast
import re
from dataclasses import dataclass, field

import nbformat

NUMBER = re.compile(r"^\*\*(\d+)\.\*\* *", re.MULTILINE)
BORDER = re.compile(r"(?=^\*\*\d+\.\*\*|^## )", re.MULTILINE)  # an exercise begins or ends
OPEN = "*An open question: no check.*"


@dataclass
class ExerciseCells:
    """What a notebook has of one exercise.

    ``number``; ``text``: its Markdown, from the question to the last hint; ``answer``: the source
    of the cell where it is answered, None for an open question, ``cell_id``: that cell's.
    """

    number: int
    text: str
    answer: str = None
    cell_id: str = None
    outputs: list = field(default_factory=list)

    @property
    def question(self):
        """The Markdown before the first hint, without the number."""
        return self.text.split("<details>")[0].strip()

    @property
    def hints(self):
        """The Markdown of each folded hint."""
        return re.findall(r"<details><summary>Hint[^<]*</summary>(.*?)</details>", self.text, re.S)

    @property
    def is_open(self):
        return OPEN in self.text

    @property
    def check(self):
        """The name of the function that checks it; None for an open question."""
        return self.answer and called_check(self.answer)


def exercises(notebook):
    """The exercises of a notebook in their order, a list of `ExerciseCells`."""
    found, current = [], None
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for part in BORDER.split(cell.source):
                begins = NUMBER.match(part)
                if begins:
                    current = ExerciseCells(int(begins[1]), part[begins.end() :])
                    found.append(current)
                elif part.startswith("## "):
                    current = None
                elif current:
                    current.text += "\n" + part
        elif called_check(cell.source):
            if current is None or current.answer:
                raise ValueError(f"a check without an exercise of its own: {cell.source}")
            current.answer, current.cell_id, current.outputs = cell.source, cell.id, cell.outputs
    return found


def called_check(source):
    """The name of the check that a cell's last line calls; None if it calls none.

    >>> called_check("answer = 3\\nexercises.check_sum(answer)")
    'check_sum'
    """
    call = last_call(source)
    if call is None:
        return None
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name if name.startswith("check_") else None


def last_call(source):
    """The call, an ``ast.Call``, that is a cell's last line; None if that is something else."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):  # magics, and empty cells
        return None
    called = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
    return last.value if called else None


def without_check(source):
    """A cell's source without its last line, where that calls a check.

    >>> without_check("answer = 3\\nexercises.check_sum(answer)"), without_check("answer = 3")
    ('answer = 3', 'answer = 3')
    """
    if called_check(source) is None:
        return source
    return "\n".join(source.splitlines()[: last_call(source).lineno - 1])


def read(path):
    """The exercises of a notebook's file."""
    return exercises(nbformat.read(path, as_version=4))
