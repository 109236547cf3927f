"""How long a chapter takes a student; written into its "Time" line and the map of chapter 00.

    python tools/chapter_minutes.py            writes them
    python tools/chapter_minutes.py --table    prints what they are made of

Reading goes at 200 words a minute, a cell takes 20 seconds to read and run, a "stop and think" a
minute, an exercise five. The time that cells compute was measured when the outputs were made
(tools/regenerate_notebooks.py). Exercises that train for long take longer, and say so.
"""

import argparse
import re
from pathlib import Path

import nbformat

CHAPTERS = Path(__file__).parent.parent / "notebooks"
MAP = CHAPTERS / "00-start-here.ipynb"
TIME = re.compile(r"\*\*Time:\*\* (\d+) minutes")
WORDS_A_MINUTE, CELL, THOUGHT, EXERCISE, STEP = 200, 1 / 3, 1, 5, 5


def parts(notebook):
    """What a chapter's minutes are made of: its words, code cells, thoughts, exercises, running."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return {
        "words": len(text.split()),
        "cells": sum(
            cell.cell_type == "code" and "check" not in cell.metadata.get("tags", [])
            for cell in notebook.cells
        ),
        "thoughts": len(re.findall(r"\*\*Stop and think", text)),
        "exercises": len(re.findall(r"^\*\*\d+\.\*\*", text, re.MULTILINE)),
        "running": notebook.metadata.get("run_minutes", 0),
    }


def minutes(notebook):
    """Minutes for a chapter, in steps of five."""
    count = parts(notebook)
    exact = (
        count["words"] / WORDS_A_MINUTE
        + count["cells"] * CELL
        + count["thoughts"] * THOUGHT
        + count["exercises"] * EXERCISE
        + count["running"]
    )
    return max(STEP, STEP * round(exact / STEP))


def timed(notebooks):
    """Chapters that take time: path → notebook."""
    return {p: n for p, n in notebooks.items() if TIME.search(n.cells[0].source)}


def write(notebooks):
    """Set the "Time" lines and, in the map, the minutes after each chapter's link."""
    found = {path.name: minutes(notebook) for path, notebook in timed(notebooks).items()}
    for path, notebook in notebooks.items():
        if path.name in found:
            first = notebook.cells[0]
            first.source = TIME.sub(f"**Time:** {found[path.name]} minutes", first.source)
    for cell in notebooks[MAP].cells:
        if cell.source.startswith("## The map"):
            cell.source = re.sub(
                r"(\| \[[^]]*\]\(([^)]*)\) \|)[^|]*\|",
                lambda m: f"{m[1]} {found[m[2]]} |" if m[2] in found else m[0],
                cell.source,
            )
    for path, notebook in notebooks.items():
        text = nbformat.writes(notebook) + "\n"
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", action="store_true", help="print, and write nothing")
    notebooks = {
        path: nbformat.read(path, as_version=4) for path in sorted(CHAPTERS.glob("*.ipynb"))
    }
    if not parser.parse_args().table:
        write(notebooks)
        return
    for path, notebook in timed(notebooks).items():
        made_of = ", ".join(f"{count} {name}" for name, count in parts(notebook).items())
        print(f"{path.stem:30} {minutes(notebook):3} minutes: {made_of}")


if __name__ == "__main__":
    main()
