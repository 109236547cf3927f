"""The file that `export.to_html` writes, opened from the disk with the network off."""

import re

import numpy as np
import pytest
from real_lab import serious_faults
from strokes import strokes
from test_draw_digit_in_lab import SEVEN, clear, draw, says, wait_for

from cnncourse import Sequential, datasets, export, quantization
from cnncourse.export.html.writer import CALIBRATION_IMAGES

MILLISECONDS = 30


@pytest.fixture(scope="module")
def path(digits, tmp_path_factory):
    found = tmp_path_factory.mktemp("page") / "digits.html"
    export.to_html(Sequential.load(digits), found)
    return found


@pytest.fixture(scope="module")
def page(browser, path):
    context = browser.new_context(viewport={"width": 1100, "height": 1000}, offline=True)
    page = context.new_page()
    page.problems, page.requests = [], []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector(".cnn-bars tr", state="attached")
    yield page
    context.close()


def test_a_drawn_seven(page, picture):
    clear(page)
    draw(page, SEVEN)
    wait_for(page, "The network says 7.")
    assert page.locator(".cnn-bars tr").count() == 10
    assert page.locator(".cnn-layer").count() == 3  # two convolutions with their pooling, one dense
    page.locator(".cnn-layer").nth(1).locator("canvas").nth(4).click()
    assert page.locator("h3").inner_text() == "conv2d_2 + relu + max_pooling2d_2: map 4"
    picture(page, "page")
    page.get_by_role("button", name="Undo").click()
    wait_for(page, "Draw a digit.")


def test_by_keyboard(page):
    clear(page)
    page.locator(".cnn-draw").focus()
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")  # the pen is down
    for _ in range(24):
        page.keyboard.press("ArrowDown")
    wait_for(page, "The network says 1.")
    page.keyboard.press("Control+z")
    wait_for(page, "Draw a digit.")


def test_drawn_digits_are_classified_as_the_originals(page, digits):
    images = datasets.load("mnist").test.images[:50]
    originals = Sequential.load(digits).predict(images).argmax(axis=1)
    same, times = 0, []
    for image, original in zip(images[..., 0], originals, strict=True):
        clear(page)
        draw(page, strokes(image))
        times.append(float(re.search(r"[\d.]+", page.locator("#took").inner_text())[0]))
        if says(page) == f"The network says {original}.":
            same += 1
        else:
            print(f"original {original}: {says(page)}")
    print(f"{same} of 50 drawn digits are classified as the originals")
    print(f"a prediction takes {np.median(times):.1f} ms, the slowest {max(times):.1f} ms")
    assert same >= 0.95 * 50
    assert np.median(times) <= MILLISECONDS


def test_it_computes_what_the_integer_reference_does(page, digits):
    mnist = datasets.load("mnist")
    images = mnist.test.images[:20]
    model = quantization.quantize(Sequential.load(digits), mnist.train.images[:CALIBRATION_IMAGES])
    page.add_script_tag(type="module", content=_with_outputs_at_hand(page))
    page.wait_for_function("window.scoresOf !== undefined")
    found = page.evaluate(
        "(images) => images.map((image) => window.scoresOf(image))",
        images.reshape(20, -1).tolist(),
    )
    assert found == model.integers(images).tolist()


def _with_outputs_at_hand(page):
    """The page's own arithmetic once more, with its last output for an image as a function."""
    script = page.locator("script[type=module]").text_content()
    begin = script.index("// A network in whole numbers")
    end = script.index("// A drawing made into an image")
    return (
        script[begin:end]
        + """
        const network = unpacked(JSON.parse(document.getElementById("network").textContent));
        window.scoresOf = (image) =>
            Array.from(outputs(network, bytes(network.input, image)).at(-1));"""
    )


def test_no_serious_fault_of_access(page):
    assert serious_faults(page, "body") == []


def test_nothing_was_asked_for_and_nothing_complained(page, path):
    assert page.requests == [path.as_uri()]
    assert page.problems == []
