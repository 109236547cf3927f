"""The convolution playground, in a browser: by mouse and by keyboard."""

import re

import pytest
from real_lab import serious_faults


@pytest.fixture(scope="module")
def page(lab):
    cells = (
        "from cnncourse import demos\nimport numpy as np\n"
        "image = np.zeros((8, 10)); image[2:6, 3:7] = 1; image[4, 4] = 0.5",
        "demos.convolution_playground(image)",
    )
    with lab.run(*cells) as page:
        page.get_by_label("Kernel, row 0, column 0").wait_for(timeout=180_000)
        page.locator(".cnn-demo").scroll_into_view_if_needed()
        says(page, "the result is")
        yield page


def says(page, text):
    page.get_by_text(text).wait_for(timeout=30_000)


def numbers(page, title):
    """A grid's numbers, by its caption; an empty cell is None."""
    table = page.locator(f".cnn-grid:has(caption:text-is('{title}'))")
    return [
        [None if text == "–" else float(text.replace("−", "-")) for text in row.split("\t")]
        for row in table.locator("tbody").inner_text().splitlines()
    ]


def the_sum(page):
    """The sum of the products, and the result, as they are said."""
    text = page.locator(".cnn-demo p[aria-live]").inner_text().replace("−", "-")
    return [float(number) for number in re.findall(r"(?:up to|is) (-?[\d.]+(?:e-?\d+)?)[;.]", text)]


def choose(page, label, option):
    page.get_by_label(label, exact=True).select_option(option)


def test_the_pointer_shows_a_window_its_products_and_their_sum(page, picture):
    choose(page, "kernel", "sobel x")
    canvas = page.get_by_role("application", name="The result")
    box = canvas.bounding_box()
    # row 2, column 1 of 6×8: its window is rows 2 to 4, columns 1 to 3
    page.mouse.move(box["x"] + box["width"] * 1.5 / 8, box["y"] + box["height"] * 2.5 / 6)
    says(page, "Row 2, column 1")
    assert numbers(page, "window") == [[0, 0, 1], [0, 0, 1], [0, 0, 1]]
    assert numbers(page, "kernel") == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert numbers(page, "products") == [[0, 0, 1], [0, 0, 2], [0, 0, 1]]
    assert the_sum(page) == [4, 4]
    picture(page, "playground")


def test_by_keyboard_every_sum_is_the_result(page):
    page.get_by_role("application", name="The result").focus()
    for key in ["ArrowRight"] * 3 + ["ArrowDown"] * 2 + ["ArrowLeft"]:
        before = page.locator(".cnn-demo p[aria-live]").inner_text()
        page.keyboard.press(key)
        page.wait_for_function(
            "(before) => document.querySelector('.cnn-demo p[aria-live]').innerText !== before",
            arg=before,
        )
        found, result = the_sum(page)
        assert found == result
        assert sum(map(sum, numbers(page, "products"))) == pytest.approx(found, abs=0.02)


def test_a_number_of_the_kernel_can_be_changed(page):
    choose(page, "kernel", "identity")
    middle = page.get_by_label("Kernel, row 1, column 1")
    middle.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("-3")
    says(page, "add up to −3")
    assert page.get_by_label("kernel", exact=True).input_value() == "your own"


def test_flipping_changes_the_kernel_as_it_is_laid(page):
    choose(page, "kernel", "sobel x")
    page.get_by_label("flip it first").check()
    page.wait_for_function("document.querySelectorAll('.cnn-grid')[1].innerText.includes('−2')")
    page.wait_for_timeout(500)
    assert numbers(page, "kernel") == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    page.get_by_label("flip it first").uncheck()


def test_impossible_strides_are_shown_as_impossible(page, picture):
    stride = page.get_by_label("stride")
    stride.fill("4")
    status = page.locator(".cnn-impossible")
    page.get_by_text("1 row(s) and 3 column(s), hatched, are in no window").wait_for(timeout=30_000)
    page.get_by_text("rows: (8 − 3 + 2·0) / 4 + 1 = 2.25, rounded down 2").wait_for()
    assert page.locator(".cnn-unseen:visible").count() == 2
    picture(page, "playground-rest")
    stride.fill("1")
    page.get_by_text("rows: (8 − 3 + 2·0) / 1 + 1 = 6").wait_for(timeout=30_000)
    assert status.count() == 0 and page.locator(".cnn-unseen:visible").count() == 0


def test_padding_is_shown_where_the_window_reaches_it(page):
    choose(page, "padding", "1")
    page.get_by_text("rows: (8 − 3 + 2·1) / 1 + 1 = 8").wait_for(timeout=30_000)
    canvas = page.get_by_role("application", name="The result")
    canvas.focus()
    for key in ["ArrowUp"] * 8 + ["ArrowLeft"] * 8:
        page.keyboard.press(key)
    says(page, "Row 0, column 0")
    assert numbers(page, "window")[0] == [None] * 3
    choose(page, "padding", "0")


def test_a_window_that_fits_nowhere_is_said_to_be_impossible(lab):
    with lab.run("from cnncourse import demos\ndemos.convolution_playground([[1, 2]])") as page:
        page.get_by_text("Impossible: a window of 3×3 does not fit").wait_for(timeout=180_000)
        choose(page, "padding", "same")
        page.get_by_text("rows: ⌈1 / 1⌉ = 1").wait_for(timeout=30_000)


def test_no_serious_fault_of_access(page):
    assert serious_faults(page) == []


def test_a_photograph_in_the_dark_and_one_of_the_readers(lab, picture):
    cell = "from cnncourse import demos\ndemos.convolution_playground()"
    with lab.run(cell, theme="dark", width=1920, height=1080) as page:
        page.get_by_text("the result is").wait_for(timeout=180_000)
        picture(page, "playground-dark")
        assert serious_faults(page) == []
        page.locator(".cnn-file").set_input_files(
            {"name": "a.svg", "mimeType": "image/png", "buffer": _png(20, 30)}
        )
        page.get_by_text("rows: (20 − 3 + 2·0) / 1 + 1 = 18").wait_for(timeout=30_000)


def _png(height, width):
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("L", (width, height), 100).save(file, "PNG")
    return file.getvalue()
