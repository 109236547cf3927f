"""The instructor's guide's pages with minutes, which are counted: timings and syllabuses.

    python tools/make_syllabus.py     prints them; tools/make_site.py puts them into the web edition

A student's minutes are those of tools/chapter_minutes.py. In class a text is spoken, at 120 words a
minute, a cell takes 40 seconds, and a "stop and think" three minutes; "to compute" is what a run of
the whole chapter took on two cores. tools/syllabus.toml says what is taught when.
"""

import tomllib
from pathlib import Path
from types import SimpleNamespace

import chapter_minutes
import nbformat

CHAPTERS = Path(__file__).parent.parent / "notebooks"
SPOKEN_WORDS, CELL, THOUGHT = 120, 2 / 3, 3
HOMEWORK = ("Exercises", "Beside the documents", "Sources")  # sections, never taken in class


class Chapter:
    """A notebook's sections, heading → what `chapter_minutes.parts` counts in each."""

    def __init__(self, path):
        notebook = nbformat.read(path, as_version=4)
        self.file, self.name = path.name, path.stem[3:]
        self.title = notebook.cells[0].source.partition("\n")[0].removeprefix("# ")
        self.running = notebook.metadata.get("run_minutes", 0)
        self.whole = chapter_minutes.minutes(notebook)
        cells = {}
        heading = self.title
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and cell.source.startswith("## "):
                heading = cell.source.partition("\n")[0].removeprefix("## ")
            cells.setdefault(heading, []).append(cell)
        self.sections = {
            heading: chapter_minutes.parts(SimpleNamespace(cells=found, metadata={}))
            for heading, found in cells.items()
        }

    def heading(self, name):
        """A section's heading by its number, or by itself; a ``KeyError`` if there is none."""
        for heading in self.sections:
            if heading == name or heading.startswith(f"{name} · "):
                return heading
        raise KeyError(f"{self.file} has no section {name!r}")

    def taught(self):
        """The headings of what can be taken in class."""
        return [heading for heading in self.sections if not heading.startswith(HOMEWORK)]

    def in_class(self, headings):
        return sum(class_minutes(self.sections[heading]) for heading in headings)

    def exercises(self):
        return sum(count["exercises"] for count in self.sections.values())


def class_minutes(count):
    return count["words"] / SPOKEN_WORDS + count["cells"] * CELL + count["thoughts"] * THOUGHT


def chapters():
    """Name → `Chapter`, of those that take time."""
    found = [Chapter(path) for path in sorted(CHAPTERS.glob("[01]*.ipynb"))]
    return {chapter.name: chapter for chapter in found}


def timings(found):
    """The page that lists every section's minutes."""
    lines = [
        "# Timings\n",
        "What the minutes are made of. *Alone*: a student who reads (200 words a minute), runs the "
        "cells (20 seconds each), stops to think (a minute) and does the exercises (five minutes "
        "each), with the time that cells compute. *In class*: everything but the exercises, spoken "
        "(120 words a minute), with 40 seconds for a cell and three minutes for a question. *To "
        "compute*: what running the whole chapter on whole data sets took, on two cores.\n",
        "| chapter | alone | in class | to compute | words | cells | questions | exercises |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for chapter in found.values():
        total = {
            part: sum(count[part] for count in chapter.sections.values())
            for part in ("words", "cells", "thoughts", "exercises")
        }
        counts = " | ".join(f"{number:,}" for number in total.values())
        lines.append(
            f"| [{chapter.title}](/chapters/{chapter.file}) | {chapter.whole} "
            f"| {chapter.in_class(chapter.taught()):.0f} | {chapter.running or '< 1'} | {counts} |"
        )
    lines.append(
        "\n## Section by section\n\nMinutes in class, without the time that cells compute.\n"
    )
    for chapter in found.values():
        listed = "; ".join(
            f"{heading} {chapter.in_class([heading]):.0f}" for heading in chapter.taught()[1:]
        )
        lines.append(f"- **{chapter.title}**: {listed}")
    return "\n".join(lines) + "\n"


def plans():
    with open(Path(__file__).parent / "syllabus.toml", "rb") as file:
        return tomllib.load(file)["plan"]


def syllabus(found):
    """The page with the plans."""
    parts = [
        "# Syllabuses",
        "Three ways through the course. How the minutes are counted stands in [Timings](timings.md)"
        "; what is not in a plan is left for reading. Each number after a chapter is a section.",
    ]
    for plan in plans():
        lessons = [lesson(one, found) for one in plan["lesson"]]
        rows = [
            f"| {number} | {'<br>'.join(taught)} | {minutes:.0f} | {'<br>'.join(after)} | {home} |"
            for number, (taught, minutes, after, home) in enumerate(lessons, start=1)
        ]
        parts += [f"## {plan['title']}", plan["text"]]
        parts.append(
            "| | in class | minutes | afterwards | minutes |\n|--:|---|--:|---|--:|\n"
            + "\n".join(rows)
        )
        if len(lessons) > 1:
            total = sum(minutes for _, minutes, _, _ in lessons)
            parts.append(f"Together {total:.0f} minutes in class.")
    return "\n\n".join(parts) + "\n"


def lesson(plan, found):
    """What is taken in class, its minutes, what is done afterwards, and the minutes of that."""
    taught, after, minutes, home = [], [], 0, 0
    if "title" in plan:
        taught.append(f"*{plan['title']}*")
    for unit in plan["units"]:
        chapter = found[unit["chapter"]]
        link = f"[{chapter.title}](/chapters/{chapter.file})"
        names = unit.get("sections")
        headings = chapter.taught() if names is None else [chapter.heading(n) for n in names]
        minutes += chapter.in_class(headings)
        if names is None:
            taught.append(link)
        elif names:
            taught.append(f"{link}: {', '.join(names)}")
        if unit.get("after") == "chapter":
            after.append(link)
            home += chapter.whole
        elif unit.get("after") == "exercises":
            after.append(f"exercises of {link}")
            home += chapter.exercises() * chapter_minutes.EXERCISE
    return taught, minutes, after, home


def pages():
    """File name → text of the pages that this tool writes."""
    found = chapters()
    return {"timings.md": timings(found), "syllabus.md": syllabus(found)}


def main():
    for text in pages().values():
        print(text)


if __name__ == "__main__":
    main()
