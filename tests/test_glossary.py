"""No term before it is explained: glossary and chapters are held to each other, both ways."""

import re
from pathlib import Path

import make_glossary
import nbformat
import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "documents"


TERMS = make_glossary.terms()
ORDER = [
    name for name in make_glossary.chapter_files() if not re.match("glossary|what-the-doc", name)
]
ids = [term["name"] for term in TERMS]


def forms(term):
    return [term["name"], *term.get("also", [])]


def pattern(term):
    """Any form of the term as a word of its own, also in the plural."""
    words = "|".join(re.escape(form) for form in forms(term))
    return re.compile(rf"(?<![\w-])(?:{words})(?:s|es)?(?![\w-])", re.IGNORECASE)


def prose(name):
    """What a chapter teaches, as text: without code, addresses, and what stands beside it.

    The objectives and the map in chapter 00 announce what is to come, and links name chapters.
    """
    notebook = nbformat.read(
        make_glossary.CHAPTERS / make_glossary.chapter_files()[name], as_version=4
    )
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    text = re.split(r"^## (?:Beside the documents|Sources)", text, flags=re.M)[0]
    text = re.sub(r"\*\*In this chapter you will\*\*\n\n(?:- .*\n)+", "", text)
    text = re.sub(r"^## The map\n.*?(?=^## |\Z)", "", text, flags=re.M | re.S)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", "", text)
    text = re.sub(r"\*[^*\n]*→[^*\n]*\*", "", text)  # JupyterLab's menus
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
    return re.sub(r"\s+", " ", text)


TEXTS = {name: prose(name) for name in ORDER}


def test_the_notebook_is_what_the_tool_writes():
    stored = (make_glossary.CHAPTERS / "98-glossary.ipynb").read_text(encoding="utf-8")
    assert stored == make_glossary.glossary(), "run tools/make_glossary.py"


def test_every_term_and_every_form_has_one_entry():
    every = [form.lower() for term in TERMS for form in forms(term)]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("term", TERMS, ids=ids)
def test_the_chapter_that_introduces_a_term_has_it_in_italics(term):
    words = "|".join(re.escape(form) for form in forms(term))
    found = re.search(rf"\*+(?:{words})(?:s|es)?\*+", TEXTS[term["chapter"]], re.IGNORECASE)
    assert found, f"{term['chapter']} does not introduce *{term['name']}*"


@pytest.mark.parametrize("term", TERMS, ids=ids)
def test_no_earlier_chapter_uses_it(term):
    for name in ORDER[: ORDER.index(term["chapter"])]:
        found = pattern(term).search(TEXTS[name])
        around = TEXTS[name][max(0, found.start() - 60) : found.end() + 40] if found else ""
        assert not found, f"{name}: … {around} …"


def test_an_early_use_would_be_found():
    (term,) = [term for term in TERMS if term["name"] == "stride"]
    assert pattern(term).search("with Strides of 2") and not pattern(term).search("astride")


@pytest.mark.skipif(not SHARED.exists(), reason="the documents are not here")
def test_the_documents_use_the_words():
    files = dict(zip("ABCDE", sorted(SHARED.glob("00*.txt")), strict=True))
    for term in TERMS:
        for document, word in term.get("documents", {}).items():
            text = files[document].read_text(encoding="utf-8").lower()
            assert word.lower() in text, (term["name"], document, word)
