"""Marks in a table: a line for each exercise of each notebook."""

import csv
import io
from dataclasses import asdict, dataclass, fields

from ..support.files import replacing


@dataclass(frozen=True)
class Mark:
    """What an exercise of a student's is worth."""

    student: str
    chapter: str
    exercise: int | str
    title: str
    mark: int | str  # 1 or 0; "" where a person has to judge
    state: str  # the verdict's, or "open question"
    text: str  # what the check said
    seed: int  # by which the check drew its cases
    file: str


def write(marks, path):
    """Write the marks to a CSV file, which spreadsheets and pandas read (UTF-8 with a mark)."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [field.name for field in fields(Mark)])
    writer.writeheader()
    writer.writerows(map(asdict, marks))
    with replacing(path) as file:
        file.write(text.getvalue().encode("utf-8-sig"))
