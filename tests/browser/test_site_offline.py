"""The web edition from its files, in a browser without a network."""

import time

import built_site
import pytest
from real_lab import serious_faults

PAGES = (
    "index",
    "search",
    "draw-a-digit",
    "chapters/02-the-convolutional-layer",
    "chapters/98-glossary",
    "api/layers",
    "instructors/syllabus",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built_site.build(tmp_path_factory.mktemp("site"))


@pytest.fixture
def page(browser):
    """A page that keeps what it asked for in vain, and what it complained of."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    page.problems = []
    page.on("requestfailed", lambda request: page.problems.append(request.url))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    context.close()


def test_every_page_has_what_it_asks_for(site, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri(), wait_until="load")
        assert page.problems == [], path.name
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)


def test_formulas_are_set(site, page):
    page.goto((site / "chapters/02-the-convolutional-layer.html").as_uri())
    page.wait_for_selector("mjx-container svg", state="attached")
    assert page.locator("mjx-container mjx-assistive-mml").count() >= 5  # which is read aloud
    assert page.locator("mjx-merror").count() == 0


def test_the_search_finds(site, page, picture):
    page.goto((site / "search.html").as_uri() + "?q=receptive+field")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("The convolutional layer" in title for title in found), found
    picture(page, "search")


def test_a_digit_can_be_drawn(site, page, picture):
    page.goto((site / "draw-a-digit.html").as_uri())
    frame = page.frame_locator("iframe.page")
    frame.locator(".cnn-draw").focus()
    for key in ["ArrowUp"] * 12 + ["Space"] + ["ArrowDown"] * 24:
        page.keyboard.press(key)
    frame.get_by_text("The network says 1.").wait_for()
    picture(page, "drawn")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_serious_fault_of_access(name, scheme, site, page, picture):
    page.emulate_media(color_scheme=scheme)
    page.goto((site / f"{name}.html").as_uri())
    time.sleep(0.5)  # formulas
    assert serious_faults(page, "body") == []
    picture(page, f"{name.replace('/', '-')}-{scheme}")
