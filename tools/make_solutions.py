"""Write the notebooks of solutions, notebooks/solutions/NN-name.ipynb, and run them.

    python tools/make_solutions.py                        all chapters
    python tools/make_solutions.py notebooks/03-*.ipynb   some of them

Questions come from the chapters, solutions from the package: `EXERCISES` of a chapter's
``exercises.py`` has a function for each, whose docstring explains it, and which takes the place of
the empty answer in the chapter's cell. The check below it is the chapter's.
"""

import argparse
import inspect
import re
import subprocess
from pathlib import Path

import nbformat
import regenerate_notebooks
import solution_code

from cnncourse.grading import exercise_cells
from cnncourse.grading.chapters import package_exercises

CHAPTERS = Path(__file__).parent.parent / "notebooks"
FOLDER = CHAPTERS / "solutions"
HEAD = (
    "# {number} · Solutions\n\n"
    "To the exercises of [chapter {number}](../{file}). Each is one of several: yours is right, "
    "too, if its check says so. Click on a folded cell to see its code."
)
FOLDED = "<details><summary>Solution</summary>\n\n{}\n\n</details>"


def solutions(path):
    """The notebook of solutions to the chapter at ``path``, not yet run."""
    chapter = nbformat.read(path, as_version=4)
    asked = {each.number: each for each in exercise_cells.exercises(chapter)}
    cells, code = [], []
    for exercise in package_exercises(path.stem):
        number, question = exercise.number, from_folder(asked[exercise.number].question)
        cells.append(
            markdown(f"## {number} · {exercise.title}\n\n{question}", f"question-{number}")
        )
        cells.append(markdown(FOLDED.format(explanation(exercise)), f"solution-{number}"))
        if hasattr(exercise, "solution"):
            code.append(solution_code.answered(asked[number].answer, exercise.solution))
            cells.append(folded(code[-1].source, f"code-{number}"))
    head = markdown(HEAD.format(number=path.stem[:2], file=path.name), "head")
    first = nbformat.v4.new_code_cell(solution_code.imports(code, chapter), id="imports")
    notebook = nbformat.v4.new_notebook(cells=[head, *set_up(chapter), first, *cells])
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return tidy(notebook)


def set_up(chapter):
    """A chapter's cells that must come before all imports: those tagged "setup"."""
    return [
        nbformat.v4.new_code_cell(cell.source, id=cell.id, metadata=cell.metadata)
        for cell in chapter.cells
        if "setup" in cell.metadata.get("tags", [])
    ]


def markdown(text, name):
    return nbformat.v4.new_markdown_cell(text, id=name)


def folded(source, name):
    cell = nbformat.v4.new_code_cell(source, id=name)
    cell.metadata.jupyter = {"source_hidden": True}
    return cell


def from_folder(text):
    """A chapter's Markdown with its links as they lead from the folder of solutions."""
    return re.sub(r"\]\((?!https?:|#)", "](../", text)


def explanation(exercise):
    """What a solution says of itself, in Markdown: its docstring without the examples."""
    if not hasattr(exercise, "solution"):
        return exercise.answer
    text = re.split(r"^>>> ", inspect.getdoc(exercise.solution), flags=re.MULTILINE)[0]
    text = text.strip().removeprefix("A solution: ").replace("``", "`")
    return text[0].upper() + text[1:]


def tidy(notebook):
    """The notebook with its imports sorted and its code formatted by ruff."""
    text = nbformat.writes(notebook)
    for command in ("check", "--fix", "--select", "I"), ("format",):
        text = subprocess.run(
            ["ruff", *command, "--quiet", "--stdin-filename", str(FOLDER / "some.ipynb"), "-"],
            input=text, capture_output=True, encoding="utf-8", check=True,
        ).stdout  # fmt: skip
    return nbformat.reads(text, as_version=4)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, help="chapters; default: all")
    FOLDER.mkdir(exist_ok=True)
    for path in parser.parse_args().notebooks or sorted(CHAPTERS.glob("*.ipynb")):
        if package_exercises(path.stem):
            target = FOLDER / path.name
            print(target, flush=True)
            regenerate_notebooks.write(regenerate_notebooks.run(solutions(path), FOLDER), target)


if __name__ == "__main__":
    main()
