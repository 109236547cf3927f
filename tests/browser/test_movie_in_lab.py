"""A movie in a browser: it plays, pauses, and goes step by step, by mouse and by keyboard."""

import pytest
from real_lab import serious_faults

CELLS = (
    "from cnncourse import animations\n"
    "movie = animations.sliding_product([2, 0, 4, 1], [0.5, 0.3, 0.2])",
    "movie",
)
PICTURES = 6


@pytest.fixture(scope="module")
def page(lab):
    with lab.run(*CELLS) as page:
        page.get_by_role("button", name="Pause").wait_for(timeout=240_000)
        page.locator(".cnn-demo").scroll_into_view_if_needed()
        yield page


def says(page, number):
    page.get_by_text(f"picture {number} of {PICTURES}").wait_for(timeout=60_000)


def test_it_plays(page, picture):
    for number in 2, 3:
        says(page, number)
    picture(page, "movie")


def test_it_is_paused_and_says_what_the_picture_shows(page):
    page.get_by_role("button", name="Pause").click()
    text = page.locator(".cnn-demo p.cnn-quiet", has_text="position")
    text.wait_for(timeout=60_000)
    before = page.locator(".cnn-demo img").get_attribute("src")
    page.wait_for_timeout(2500)
    assert page.locator(".cnn-demo img").get_attribute("src") == before
    alt = page.locator(".cnn-demo img").get_attribute("alt")
    assert alt in text.text_content()


def test_step_by_step_by_keyboard(page):
    slider = page.get_by_label("picture", exact=True)
    slider.focus()
    page.keyboard.press("Home")
    says(page, 1)
    page.keyboard.press("ArrowRight")
    says(page, 2)
    page.get_by_role("button", name="Back").focus()
    for number in 1, PICTURES:  # before the first comes the last
        page.keyboard.press("Enter")
        says(page, number)
    page.get_by_role("button", name="Forward").click()
    says(page, 1)


def test_the_picture_is_sharp(page):
    wide, on_page = page.evaluate(
        "() => { const image = document.querySelector('.cnn-movie');"
        " return [image.naturalWidth, image.width]; }"
    )
    assert wide >= 1.99 * on_page


def test_no_serious_fault_of_access(page):
    assert serious_faults(page) == []


def test_who_wants_no_motion_sees_a_still(lab):
    with lab.run(*CELLS, reduced_motion="reduce") as page:
        page.get_by_role("button", name="Play").wait_for(timeout=240_000)
        says(page, 1)
