"""The cells of a chapter that train for long, and the lines in them that do."""

import ast
import textwrap
from dataclasses import dataclass

SAID = """\
# This network comes trained (python -m cnncourse start --with-trained): what it has learned is
# read, and what follows is the history of its training. To train it here, take the "# " from the
# lines below, and delete these five.
from cnncourse.trained import load_trained
{history} = load_trained({stem!r}, {cell!r}, {model})
"""


@dataclass(frozen=True)
class Training:
    """A cell that trains: the lines before, and those that do; the names of what they make."""

    model: str
    history: str
    before: str
    lines: str


def training(cell):
    """The training of a cell, a dict as notebooks have it; ``None`` if its metadata name none.

    It goes from the statement that makes the history to the cell's end.
    """
    said = cell["metadata"].get("trained")
    if said is None:
        return None
    source = "".join(cell["source"])
    first = next(part for part in ast.parse(source).body if _makes(part, said["history"]))
    lines = source.splitlines(keepends=True)
    before, train = lines[: first.lineno - 1], lines[first.lineno - 1 :]
    return Training(**said, before="".join(before), lines="".join(train))


def with_trained(notebook, stem):
    """Let a chapter's notebook, a dict, read what is kept of its trainings; their lines stay."""
    for cell in notebook["cells"]:
        found = training(cell)
        if found is not None:
            said = SAID.format(history=found.history, stem=stem, cell=cell["id"], model=found.model)
            lines = textwrap.indent(found.lines, "# ", lambda line: True)
            cell["source"] = (found.before + said + lines).splitlines(keepends=True)


def _makes(statement, name):
    """Whether a statement gives the name a value."""
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name
        for node in ast.walk(statement)
    )
