"""Write chapter 98, the glossary, from tools/glossary.toml.

    python tools/make_glossary.py

A term leads to the chapter that introduces it; tests/test_glossary.py checks that it does, and that
no earlier chapter uses the term.
"""

import tomllib
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
CHAPTERS = ROOT / "notebooks"
DOCUMENTS = {
    "A": "ReNom tutorial",
    "B": "POSTECH lecture",
    "C": "NTNU lecture",
    "D": "*CNN – Tutorial with Keras*",
    "E": "*CNNs, Explained*",
}
HEAD = (
    "# 98 · Glossary\n\n"
    "The terms of this course in alphabetical order, each with its meaning in plain words and the "
    "chapter that introduces it. The last column has the word that one of the five documents uses "
    "where it differs."
)
TABLE = "| term | meaning | chapter | in the documents |\n|---|---|---|---|\n"


def terms():
    """The terms as tables of the file: name, also, chapter, meaning, documents."""
    with open(Path(__file__).parent / "glossary.toml", "rb") as file:
        return tomllib.load(file)["term"]


def chapter_files():
    """The chapters' names without their numbers → file names."""
    return {path.stem[3:]: path.name for path in sorted(CHAPTERS.glob("*.ipynb"))}


def row(term, files):
    """One line of the table; a ``KeyError`` names a chapter that does not exist."""
    name = ", ".join([f"**{term['name']}**", *term.get("also", [])])
    file = files[term["chapter"]]
    titles = {}  # by the word that the documents use
    for document, word in term.get("documents", {}).items():
        titles.setdefault(word, []).append(DOCUMENTS[document])
    words = "; ".join(f"{word} ({', '.join(found)})" for word, found in titles.items())
    return f"| {name} | {term['meaning']} | [{file[:2]}]({file}) | {words} |\n"


def glossary():
    """The notebook."""
    files = chapter_files()
    ordered = sorted(terms(), key=lambda term: term["name"].lower())
    table = TABLE + "".join(row(term, files) for term in ordered)
    cells = [
        nbformat.v4.new_markdown_cell(text, id=f"glossary-{k}")
        for k, text in enumerate((HEAD, table.rstrip()))
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return nbformat.writes(notebook) + "\n"


def main():
    (CHAPTERS / "98-glossary.ipynb").write_text(glossary(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
