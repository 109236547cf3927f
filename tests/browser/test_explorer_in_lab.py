"""The explorer, in a browser: by mouse and by keyboard."""

import re

import numpy as np
import pytest
from real_lab import serious_faults

from cnncourse import Sequential, layers

CHAIN = """[
    layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization(), layers.MaxPooling2D(2),
    layers.Conv2D(6, 3, padding="same"), layers.Tanh(), layers.WeightedAveragePooling2D(2),
    layers.Dropout(0.2), layers.Flatten(), layers.Dense(5, activation="softmax"),
]"""


def model():
    return Sequential(eval(CHAIN, {"layers": layers}), input_shape=(16, 16, 1), seed=0)


def images():
    return np.random.default_rng(0).random((3, 16, 16, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def page(lab):
    cells = (
        "from cnncourse import Sequential, demos, layers\nimport numpy as np\n"
        f"model = Sequential({CHAIN}, input_shape=(16, 16, 1), seed=0)\n"
        "images = np.random.default_rng(0).random((3, 16, 16, 1)).astype(np.float32)",
        "demos.explorer(model, images)",
    )
    with lab.run(*cells, height=1000) as page:
        page.locator(".cnn-lines tr").first.wait_for(timeout=180_000)
        page.locator(".cnn-demo").scroll_into_view_if_needed()
        yield page


def says(page, text):
    page.get_by_text(text).wait_for(timeout=30_000)


def line(page, name):
    """A number of the sum, by the words before it."""
    row = page.locator(".cnn-lines tr", has=page.locator(f"th:text-is('{name}')"))
    return float(row.locator("td").inner_text().replace("−", "-"))


def test_all_layers_are_there(page):
    buttons = page.locator(".cnn-layer button")
    names = [operation.name for operation in model().operations]
    assert [text.split("\n")[0] for text in buttons.all_inner_texts()] == names
    assert page.locator(".cnn-layer").first.locator("canvas").count() == 4


def test_from_a_map_to_a_unit_and_its_sum(page, picture):
    page.get_by_label("max_pooling2d_1, map 2").click()
    says(page, "max_pooling2d_1: the value of map 2")
    canvas = page.get_by_role("application", name="The chosen map")
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 1.5 / 7, box["y"] + box["height"] * 3.5 / 7)
    says(page, "of map 2, row 3, column 1")
    says(page, "4×4 pixels")
    expected = Sequential(model().layers[:3], (16, 16, 1)).predict(images()[:1])[0, 3, 1, 2]
    assert line(page, "the layer gives") == pytest.approx(expected, rel=1e-5)
    assert line(page, "in all") == pytest.approx(expected, rel=1e-5)
    assert page.locator(".cnn-grid td").count() == 4 and page.locator(".cnn-marked").count() == 1
    picture(page, "explorer")


def test_by_keyboard(page):
    button = page.locator(".cnn-layer button", has_text="conv2d_2")
    button.focus()
    page.keyboard.press("Enter")
    says(page, "conv2d_2: the value of map 0, row 3, column 3")
    assert button.get_attribute("aria-pressed") == "true"
    number = page.get_by_label("map", exact=True)
    number.fill("5")
    says(page, "of map 5")
    page.get_by_role("application", name="The chosen map").focus()
    for key in ["ArrowUp"] * 3 + ["ArrowLeft"] * 3:
        page.keyboard.press(key)
    says(page, "of map 5, row 0, column 0")
    expected = Sequential(model().layers[:4], (16, 16, 1)).predict(images()[:1])[0, 0, 0, 5]
    assert line(page, "in all") == pytest.approx(expected, rel=1e-4)
    assert page.locator(".cnn-padding").count() == 5  # the corner's window reaches outside
    channel = page.get_by_label("input channel")
    channel.select_option("1")
    page.locator(".cnn-lines").get_by_text("channel 1: the 9 products, added up").wait_for(
        timeout=30_000
    )


def test_every_layer_explains_itself_and_agrees(page):
    names = [operation.name for operation in model().operations]
    for number, name in enumerate(names):
        page.locator(".cnn-layer button").nth(number).click()
        says(page, f"{name}: the value")
        page.wait_for_timeout(300)
        assert line(page, "in all") == pytest.approx(
            line(page, "the layer gives"), abs=2e-6, rel=1e-5
        )
        assert page.locator(".cnn-formula").inner_text()


def test_softmax_is_what_predict_gives(page):
    page.locator(".cnn-layer button", has_text="softmax").click()
    says(page, "softmax: the value number 2")
    assert line(page, "in all") == pytest.approx(model().predict(images()[:1])[0, 2], rel=1e-5)


def test_another_image(page):
    number = page.get_by_label("image", exact=True)
    before = line(page, "in all")
    number.fill("2")
    page.wait_for_function(
        "(text) => !document.querySelector('.cnn-lines').innerText.includes(text)",
        arg=f"{before:.6g}",
    )
    expected = model().predict(images()[2:])[0, 2]
    assert line(page, "in all") == pytest.approx(expected, rel=1e-5)


def test_no_serious_fault_of_access(page):
    assert serious_faults(page) == []


def test_a_trained_network_in_the_dark(lab, digits, picture):
    cell = (
        "from cnncourse import Sequential, datasets, demos\n"
        f"demos.explorer(Sequential.load({str(digits)!r}), datasets.load('mnist').test.images[:9])"
    )
    with lab.run(cell, theme="dark", width=1920, height=1080) as page:
        page.locator(".cnn-lines tr").first.wait_for(timeout=180_000)
        page.get_by_label("conv2d_2, map 3").click()
        page.get_by_text(re.compile("conv2d_2: .*map 3")).wait_for()
        page.locator(".cnn-demo").scroll_into_view_if_needed()
        picture(page, "explorer-dark")
        assert serious_faults(page) == []
