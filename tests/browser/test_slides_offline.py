"""All chapters' slides on a small projector, without a network: everything is seen, and large."""

from pathlib import Path

import pytest
from real_lab import serious_faults

from cnncourse import slides

CHAPTERS = sorted((Path(__file__).parents[2] / "notebooks").glob("[01]*.ipynb"))
SMALLEST = 65  # per cent of the usual type
MEASURE = """() => [...document.querySelectorAll(".slides section section")].map((slide) => {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v, 99);
  return {
    words: slide.innerText.slice(0, 60),
    high: slide.scrollHeight - slide.clientHeight,
    wide: slide.scrollWidth - slide.clientWidth,
    type: parseInt(slide.style.fontSize),
    pictures: [...slide.querySelectorAll("img")].map((image) => image.clientHeight),
  };
})"""


@pytest.fixture
def show(browser, tmp_path):
    """``show(notebook)``: a page with its slides, ready to be turned."""
    contexts = []

    def shown(notebook):
        path = tmp_path / f"{notebook.stem}.html"
        slides.to_html(notebook, path)
        contexts.append(browser.new_context(viewport={"width": 1366, "height": 768}, offline=True))
        page = contexts[-1].new_page()
        page.problems, page.requests = [], []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda message: page.problems.append(message.text))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready]")
        return page

    yield shown
    for context in contexts:
        context.close()


@pytest.mark.parametrize("notebook", CHAPTERS, ids=lambda path: path.stem)
def test_every_slide_holds_what_it_shows(notebook, show):
    page = show(notebook)
    found = page.evaluate(MEASURE)
    assert len(found) > 10
    for slide in found:
        assert slide["high"] <= 0 and slide["wide"] <= 0, slide
        assert slide["type"] >= SMALLEST, slide
        assert all(height >= 150 for height in slide["pictures"]), slide
    assert page.problems == []
    assert len([url for url in page.requests if not url.startswith("data:")]) == 1


def test_a_lesson(show, picture):
    """Forward to a question: its answer comes with the next key; the speaker has it before."""
    page = show(next(path for path in CHAPTERS if path.stem.startswith("02")))
    answer = page.locator("section.present section.present .fragment")
    for _ in range(10):
        page.keyboard.press("Space")
        if answer.count():
            break
    assert "visible" not in answer.get_attribute("class")
    assert page.locator("section.present section.present aside.notes").count() == 1
    page.keyboard.press("Space")
    assert "visible" in answer.get_attribute("class")
    picture(page, "answer")


def test_speaker_notes(show):
    page = show(CHAPTERS[2])
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    page.keyboard.press("Space")
    popup.value.wait_for_selector(".speaker-controls-notes", state="attached")


def test_no_serious_fault_of_access(show):
    page = show(CHAPTERS[5])
    for _ in range(3):
        assert serious_faults(page, "body") == []
        page.keyboard.press("Space")
