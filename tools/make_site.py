"""Build the web edition from the committed notebooks and the docstrings, without a network.

    python tools/make_site.py               in build/site: html/index.html
    python tools/make_site.py --to FOLDER   in another folder

It needs the extra "docs": pip install -e ".[docs]". No notebook is run. What Sphinx warns of is an
error: a link that leads nowhere, a docstring that it cannot read, a chapter that no list has.
"""

import argparse
import shutil
import sys
from pathlib import Path

import make_syllabus
import nbformat
import site_api
import site_links
from sphinx.cmd.build import build_main

from cnncourse import Sequential, export
from cnncourse.slides.writer import CARRIED

ROOT = Path(__file__).parent.parent
DOCS, CHAPTERS = ROOT / "docs", ROOT / "notebooks"


def lay_out(folder):
    """Put all pages into a folder, as Sphinx reads them."""
    links = site_links.Links()
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("*.npz", "__pycache__"))
    for name, page in site_links.DOCUMENTS.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        _write(folder / f"{page}.md", links.rewritten(text, (ROOT / name).parent))
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        _write(folder / "chapters" / path.name, _chapter(path, links))
    shutil.copytree(CHAPTERS / "pictures", folder / "chapters" / "pictures")
    for name, text in site_links.source_pages(links.sources).items():
        _write(folder / f"{name}.md", text)
    for name, text in site_api.pages().items():
        _write(folder / "api" / f"{name}.rst", text)
    for name, text in make_syllabus.pages().items():
        _write(folder / "instructors" / name, text)
    shutil.copy(CARRIED / "mathjax.js", folder / "static")
    (folder / "extra").mkdir()
    _write_digits(folder / "extra" / "digits.html")


def _chapter(path, links):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = links.rewritten(cell.source, CHAPTERS)
    return nbformat.writes(notebook)


def _write_digits(path):
    """The page to draw on, by the network that tools/train_site_digits.py has trained."""
    export.to_html(Sequential.load(DOCS / "digits.npz"), path)


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "site", metavar="FOLDER")
    folder = parser.parse_args().to
    pages, html = folder / "pages", folder / "html"
    for left in (pages, html):
        shutil.rmtree(left, ignore_errors=True)
    lay_out(pages)
    return build_main(["-b", "html", "-q", "-W", "--keep-going", str(pages), str(html)])


if __name__ == "__main__":
    sys.exit(main())
