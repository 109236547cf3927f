"""A chapter as nbgrader's source of an assignment: a graded cell behind each answer.

    python docs/instructors/nbgrader_source.py 01-convolution COURSE/source/01

COURSE is nbgrader's folder. See grading.md beside this file.
"""

import argparse
from pathlib import Path

import nbformat

from cnncourse.grading.chapters import chapters
from cnncourse.grading.submissions import answer_cells
from cnncourse.support.course import course_folder

TEST = "verdict = exercises.{check}({answer})\nassert verdict, verdict"


def source(stem):
    """The chapter's notebook, with nbgrader's metadata and a test worth one point an exercise."""
    notebook = nbformat.read(course_folder() / "notebooks" / f"{stem}.ipynb", as_version=4)
    questions = chapters()[stem]
    positions = answer_cells(notebook, stem)
    for position, question in reversed(list(zip(positions, questions, strict=True))):
        if question.is_open:
            continue
        answer = notebook.cells[position]
        answer.metadata.nbgrader = _metadata(f"answer-{question.cell_id}", solution=True)
        test = nbformat.v4.new_code_cell(
            TEST.format(check=question.check, answer=question.answer), id=f"test-{answer.id}"
        )
        test.metadata.nbgrader = _metadata(f"test-{question.cell_id}", grade=True, points=1)
        notebook.cells.insert(position + 1, test)
    return notebook


def _metadata(name, grade=False, solution=False, **more):
    return {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": grade,
        "task": False,
        **more,
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("chapter", choices=chapters())
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(source(options.chapter), options.folder / f"{options.chapter}.ipynb")


if __name__ == "__main__":
    main()
