"""The appendix quotes the five documents, and quotes them rightly.

The documents are not part of the repository. Where a developer has them, beside it in
`../shared/documents`, every quotation is looked up; without them, those tests are skipped.
"""

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = ROOT.parent / "shared" / "documents"
NOTEBOOKS = ROOT / "notebooks"
APPENDIX = NOTEBOOKS / "99-what-the-documents-get-wrong.ipynb"
FILES = {  # what a heading of the appendix says: how the document's file begins
    "ReNom": "000_",
    "POSTECH": "001_",
    "NTNU": "002_",
    "Tutorial with Keras": "003_",
    "Explained": "004_",
}
MOST_WORDS = 3000  # more is no longer an appendix
INCOMPLETE = "Out of date or incomplete"  # stands above the table of what is not wrong

needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="the five documents are not in ../shared/documents"
)


def markdown(path):
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def table_rows(text):
    """The cells of every row of every table, without the heads and the lines below them."""
    lines = [line.strip() for line in text.splitlines()]
    for above, line in pairwise(lines):
        if line.startswith("|") and above.startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
            cells = re.split(r"(?<!\\)\|", line.removeprefix("|").removesuffix("|"))
            yield [cell.strip() for cell in cells]


def by_verdict(text):
    """{head of the second column: rows}: what is wrong, and what is out of date or incomplete."""
    wrong, _, incomplete = text.partition(INCOMPLETE)
    return {"what is right": list(table_rows(wrong)), "what to add": list(table_rows(incomplete))}


def plain(text):
    """Without what copying changes: spaces, emphasis, capitals, kinds of quotation marks."""
    text = re.sub(r"\\times|×", "x", text)
    text = re.sub(r"""[\s*$"'“”‘’`_{}]|</?[a-z]+>""", "", text)
    return text.replace("−", "-").replace("–", "-").casefold()


def quoted(cell):
    """What a table's cell gives as a document's own: "words", `code` and $formulas$, each part."""
    found = re.findall(r'`([^`]+)`|\$([^$]+)\$|["“]([^"”]+)["”]', cell)
    parts = [part for groups in found for part in re.split(r"\[…\]|…", "".join(groups))]
    return [part.strip() for part in parts if part.strip()]


def sections():
    """The text of each document's section in the appendix, by the name in its heading."""
    parts = re.split(r"^## (.*)$", markdown(APPENDIX), flags=re.M)[1:]
    found = {}
    for head, text in zip(parts[::2], parts[1::2], strict=True):
        found |= {name: text for name in FILES if name in head}
    return found


SECTIONS = sections()
ROWS = {name: list(table_rows(text)) for name, text in SECTIONS.items()}
ALL_ROWS = [row for rows in ROWS.values() for row in rows]


def document(name):
    (path,) = DOCUMENTS.glob(f"{FILES[name]}*.txt")
    return path.read_text(encoding="utf-8")


def test_every_document_has_its_tables():
    assert list(SECTIONS) == list(FILES)
    for name, text in SECTIONS.items():
        assert text.count("\n|---") == 2, f"{name}: a table of errors, and one of what is none"
        assert len(ROWS[name]) > 9


def test_it_is_no_longer_than_a_chapter():
    assert len(markdown(APPENDIX).split()) <= MOST_WORDS


def test_every_row_names_a_section_and_quotes_it():
    for row in ALL_ROWS:
        assert len(row) == 3, row
        assert re.match(r"\*[^*]+\*: ", row[0]), f"begin with the section, in italics: {row[0]}"
        assert quoted(row[0]), f"without a quotation nobody can look it up: {row[0]}"


@needs_documents
@pytest.mark.parametrize("name", FILES)
def test_quotations_are_literal(name):
    text = plain(document(name))
    invented = [w for row in ROWS[name] for w in quoted(row[0]) if plain(w) not in text]
    assert not invented, "the document does not say this"


@needs_documents
@pytest.mark.parametrize("name", FILES)
def test_sections_are_the_documents_own(name):
    lines = tuple(line.strip("#* ") for line in document(name).splitlines())
    named = {re.match(r"\*([^*]+)\*", row[0])[1] for row in ROWS[name]}
    unknown = [title for title in named if not any(line.startswith(title) for line in lines)]
    assert not unknown, "no section of the document begins like this"


def test_links_lead_to_the_section_that_they_name():
    for row in ALL_ROWS:
        links = re.findall(r"\[(\d\d)\.(\d+)\]\(([^)#]+)#(\d+)-·-[^)]*\)", row[2])
        assert len(links) == row[2].count("]("), f"a link of another form: {row[2]}"
        for number, section, file, anchor in links:
            assert (NOTEBOOKS / file).is_file(), f"{file} does not exist"
            assert file.startswith(number) and section == anchor, f"{number}.{section} is elsewhere"


def test_every_error_is_shown_somewhere():
    """What we call wrong must be there to be run; only what is incomplete may stand alone."""
    for name, text in SECTIONS.items():
        for row in by_verdict(text)["what is right"]:
            assert "](" in row[2], f"{name}: no chapter shows {row[0]}"


# --- the chapters' own tables


def beside_the_documents():
    """{chapter: its last section}, where that has tables."""
    found = {}
    for path in sorted(NOTEBOOKS.glob("[0-8]*.ipynb")):
        _, _, found[path.stem] = markdown(path).partition("\n## Beside the documents")
    return {chapter: text for chapter, text in found.items() if list(table_rows(text))}


BESIDE = beside_the_documents()


@needs_documents
@pytest.mark.parametrize("chapter", BESIDE)
def test_chapters_quote_literally(chapter):
    """Their "words", that is; formulas and code may be shortened there."""
    texts = [plain(document(name)) for name in FILES]
    cells = [re.sub(r"`[^`]*`|\$[^$]*\$", "", row[0]) for row in table_rows(BESIDE[chapter])]
    words = [words for cell in cells for words in quoted(cell)]
    invented = [w for w in words if not any(plain(w) in text for text in texts)]
    assert not invented, "no document says this"


@pytest.mark.parametrize("chapter", BESIDE)
def test_heads_say_what_a_table_lists(chapter):
    text = BESIDE[chapter]
    heads = re.findall(r"^(\|.*)\n\|---", text, re.M)
    rows = by_verdict(text)
    assert heads == [f"|the document says|{head}|section|" for head in rows if rows[head]]


@pytest.mark.parametrize("chapter", BESIDE)
def test_a_chapters_rows_are_in_the_appendix(chapter):
    """With one verdict. A row is known by what it quotes, whole or in part, or by its section."""

    def is_known(row, rows):
        known = [plain(words) for row in rows for words in quoted(row[0])]
        linked = {link for row in rows for link in re.findall(r"\[(\d\d\.\d+)\]", row[2])}
        ours = [plain(words) for words in quoted(row[0])]
        if ours:
            return any(a in b or b in a for a in ours for b in known)
        return any(f"{chapter[:2]}.{section}" in linked for section in re.findall(r"\d+", row[2]))

    for verdict, rows in by_verdict(BESIDE[chapter]).items():
        appendix = [row for text in SECTIONS.values() for row in by_verdict(text)[verdict]]
        missing = [row[0] for row in rows if not is_known(row, appendix)]
        assert not missing, f"the appendix has no such row, or not under {verdict!r}"
