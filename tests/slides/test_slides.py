"""Chapters as slides: what is shown, what the speaker reads, and that one file is enough."""

import re
from base64 import b64decode

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cnncourse import slides
from cnncourse.plots.described import hidden_text
from cnncourse.slides.cells import of_slides

pytest.importorskip("nbconvert", reason="slides need nbconvert")

PIXEL = "iVBORw0KGgo="
QUESTION = """**Stop and think.** Why?

<details><summary>Answer</summary>

Because.

</details>

Go on."""


def kind(slide_type):
    return {"slideshow": {"slide_type": slide_type}}


def picture(alt):
    data, described = {"image/png": PIXEL, "text/plain": "<Figure>"}, {"image/png": {"alt": alt}}
    shown = new_output("display_data", data, metadata=described)
    return [shown, new_output("display_data", {"text/html": hidden_text(alt)})]


def a_chapter():
    links = "See [chapter 02](02-x.ipynb#a), [Keras](https://keras.io)."
    table = new_output("stream", text="\n".join(map(str, range(40))))
    return new_notebook(
        cells=[
            new_markdown_cell(
                "# 01 · Title\n\n$$x_i$$\n\n![a page](page.png)", metadata=kind("slide")
            ),
            new_code_cell("import numpy", metadata=kind("skip")),
            new_markdown_cell(links, metadata=kind("slide")),
            new_code_cell("draw()", outputs=picture("a cat < a dog")),
            new_markdown_cell(QUESTION, metadata=kind("subslide")),
            new_code_cell("print()", outputs=[table]),
        ]
    )


@pytest.fixture
def page(tmp_path):
    nbformat.write(a_chapter(), tmp_path / "01-title.ipynb")
    (tmp_path / "page.png").write_bytes(b64decode(PIXEL))
    slides.to_html(tmp_path / "01-title.ipynb", tmp_path / "slides.html")
    return (tmp_path / "slides.html").read_text(encoding="utf-8")


def body(page):
    """The slides, without scripts and styles."""
    return page[page.index("<body>") : page.index("<script>")]


def test_where_slides_begin(page):
    assert re.findall(r"</?section>", body(page)) == [
        *("<section>", "<section>", "</section>", "</section>"),
        *("<section>", "<section>", "</section>", "<section>", "</section>"),
        *("<section>", "</section>", "</section>"),
    ]
    assert "import numpy" not in body(page)


def test_an_answer_comes_after_its_question_and_is_told_to_the_speaker(page):
    text = body(page)
    asked, told = text.index("Why?"), text.index("<strong>Answer.</strong> Because.")
    shown = re.search(r'<div class="fragment">.*?Because\..*?</div>', text, re.DOTALL)
    assert asked < told < shown.start() < text.index("Go on.")
    assert "<details>" not in text
    assert "Go on." not in shown[0]


def test_a_picture_is_read_once(page):
    assert body(page).count("<img ") == 2
    assert f'<img alt="a page" src="data:image/png;base64,{PIXEL}"' in body(page)
    assert 'alt="a cat &lt; a dog"' in body(page)
    assert "Picture: " not in page
    assert "<strong>The picture.</strong>" in body(page)


def test_links_that_lead_nowhere_are_text(page):
    assert "See chapter 02, " in body(page)
    assert 'href="https://keras.io"' in body(page)


def test_long_tables_lose_their_middle(page):
    assert "⋮ 20 more lines" in body(page)
    assert "\n13\n" in page and "\n14\n" not in page and "\n34\n" in page


def test_the_file_is_all_it_takes(page):
    html = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:)', html) == []
    assert page.count("</script>") == 5
    assert "@import" not in page


def test_the_notebook_stays_as_it_is(tmp_path):
    (tmp_path / "page.png").write_bytes(b64decode(PIXEL))
    notebook = a_chapter()
    before = nbformat.writes(notebook)
    assert len(list(of_slides(notebook, tmp_path))) == 9
    assert nbformat.writes(notebook) == before


def test_what_is_no_lecture_is_refused(tmp_path):
    path, target = tmp_path / "one.ipynb", tmp_path / "slides.html"
    path.write_text("{}")
    with pytest.raises(ValueError, match="one.ipynb is no notebook"):
        slides.to_html(path, target)
    nbformat.write(new_notebook(cells=[new_markdown_cell("text")]), path)
    with pytest.raises(ValueError, match="no cell of .*one.ipynb begins a slide"):
        slides.to_html(path, target)
    with pytest.raises(FileNotFoundError):
        slides.to_html(tmp_path / "none.ipynb", target)
    assert not target.exists()


def test_without_nbconvert_it_says_what_to_install(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "nbconvert", None)
    with pytest.raises(ModuleNotFoundError, match="pip install"):
        slides.to_html("05.ipynb", tmp_path / "slides.html")
