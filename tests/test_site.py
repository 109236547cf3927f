"""The web edition, built by its one command: whole, self-contained, and readable by everyone."""

import doctest
import importlib
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import built_site
import pytest

CHAPTERS = sorted((built_site.ROOT / "notebooks").glob("*.ipynb"))
# attributes by which a page asks for something as soon as it is shown
LOADS = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the pages."""
    return built_site.build(tmp_path_factory.mktemp("site"))


class Page(HTMLParser):
    """What a page holds that is tested: its tags with their attributes, and its anchors."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.anchors |= {attributes[name] for name in ("id", "name") if attributes.get(name)}


@pytest.fixture(scope="module")
def pages(site):
    """Path → `Page`."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_chapter_is_there(site):
    for path in CHAPTERS:
        assert (site / "chapters" / f"{path.stem}.html").is_file()


def test_every_link_leads_somewhere(site, pages):
    for path, page in pages.items():
        for tag, attributes in page.tags:
            link = urlsplit(attributes.get("href" if tag in ("a", "link") else "src") or "")
            if link.scheme or link.netloc or not (link.path or link.fragment):
                continue
            target = path
            if link.path:
                target = Path(os.path.normpath(path.parent / unquote(link.path)))
            where = f"{path.relative_to(site)}: {link.geturl()}"
            assert target.is_file(), where
            if link.fragment and target.suffix == ".html":
                assert unquote(link.fragment) in pages[target].anchors, where


def test_every_picture_has_a_text(site, pages):
    for path, page in pages.items():
        for tag, attributes in page.tags:
            if tag == "img":
                alt = attributes.get("alt") or ""
                assert len(alt) > 10 and alt != attributes["src"], (path.name, attributes)


def test_a_picture_is_read_once(site):
    """The hidden texts of the notebooks have become the pictures' own."""
    for path in (site / "chapters").glob("*.html"):
        assert "Picture: " not in path.read_text(encoding="utf-8"), path.name


def test_as_many_pictures_as_the_chapters_have(site, pages):
    for path in CHAPTERS:
        stored = path.read_text(encoding="utf-8").count('"image/png": "')
        page = pages[site / "chapters" / f"{path.stem}.html"]
        images = [attributes for tag, attributes in page.tags if tag == "img"]
        assert len(images) >= stored, path.stem


def test_nothing_is_asked_from_elsewhere(site, pages):
    for path, page in pages.items():
        for tag, attributes in page.tags:
            link = attributes.get(LOADS.get(tag, ""), "") or ""
            wanted = attributes.get("rel") not in ("canonical", "author", "license")
            assert not (wanted and urlsplit(link).netloc), (path.name, tag, link)
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text), path.name


def test_code_of_the_package_is_shown_where_chapters_lead_to_it(site):
    shown = (site / "source/cnncourse/kernels/reference.py.html").read_text(encoding="utf-8")
    assert "conv2d" in shown


def test_formulas_have_their_script(site, pages):
    page = pages[site / "chapters" / "02-the-convolutional-layer.html"]
    scripts = [attributes.get("src", "") for tag, attributes in page.tags if tag == "script"]
    assert any("mathjax.js" in src for src in scripts)


def test_docstrings_are_shown_without_marks(site):
    for path in (site / "api").glob("*.html"):
        text = re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\\ \w|\\\*|``", text), path.name


@pytest.mark.parametrize("name", ["lab_anchors", "plain_docstrings"])
def test_the_examples_of_the_extensions(name, monkeypatch):
    monkeypatch.syspath_prepend(built_site.ROOT / "docs" / "extensions")
    done = doctest.testmod(importlib.import_module(name))
    assert done.attempted and not done.failed
