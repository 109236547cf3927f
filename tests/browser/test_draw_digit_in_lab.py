"""Draw a digit, in a browser: by mouse, by keyboard, from a file; its answers and their speed."""

import numpy as np
import pytest
from real_lab import serious_faults
from strokes import strokes

from cnncourse import datasets

SIDE = 336  # pixels of the canvas
PREDICTIONS = 300
# the time from each pointer event on the canvas until the browser has painted new bars
STOPWATCH = """() => {
    window.times = [];
    let begun = 0;
    const canvas = document.querySelector('.cnn-draw');
    for (const kind of ['pointerdown', 'pointermove'])
        canvas.addEventListener(kind, (event) => { begun = event.timeStamp; }, true);
    new MutationObserver(() => {
        const since = begun;
        requestAnimationFrame(() => window.times.push(performance.now() - since));
    }).observe(document.querySelector('.cnn-bars'),
        {subtree: true, childList: true, attributes: true});
}"""


@pytest.fixture(scope="module")
def page(lab, digits):
    cells = (
        f"from cnncourse import Sequential, demos\nmodel = Sequential.load({str(digits)!r})",
        "demos.draw_digit(model)",
    )
    with lab.run(*cells) as page:
        page.wait_for_selector(".cnn-bars tr", state="attached", timeout=180_000)
        page.locator(".cnn-demo").scroll_into_view_if_needed()
        yield page


def says(page):
    return page.locator(".cnn-says").inner_text()


def wait_for(page, text):
    page.wait_for_function(
        "(text) => document.querySelector('.cnn-says').textContent === text",
        arg=text,
        timeout=30_000,
    )


def clear(page):
    page.get_by_role("button", name="Clear").click()
    wait_for(page, "Draw a digit.")


def draw(page, lines):
    """Strokes, lists of points from 0 to 1, with the mouse."""
    box = page.locator(".cnn-draw").bounding_box()
    for (x, y), *others in lines:
        page.mouse.move(box["x"] + SIDE * x, box["y"] + SIDE * y)
        page.mouse.down()
        for x, y in others:
            page.mouse.move(box["x"] + SIDE * x, box["y"] + SIDE * y)
        page.mouse.up()


SEVEN = [[(0.25, 0.2), (0.5, 0.2), (0.75, 0.2), (0.62, 0.5), (0.5, 0.85)]]


def test_a_drawn_seven_is_recognised_and_can_be_taken_back(page, picture):
    clear(page)
    draw(page, SEVEN)
    wait_for(page, "The network says 7.")
    assert page.locator(".cnn-bars tr").count() == 10
    best = page.locator(".cnn-best")
    assert best.locator("th").inner_text() == "7" and best.locator("td").last.inner_text().endswith(
        "%"
    )
    assert page.locator(".cnn-maps canvas").count() == 16
    picture(page, "draw-digit")
    page.get_by_role("button", name="Undo").click()
    wait_for(page, "Draw a digit.")


def test_by_keyboard(page):
    clear(page)
    cells = page.locator(".jp-Cell").count()
    page.locator(".cnn-draw").focus()
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")  # the pen is down
    for _ in range(24):
        page.keyboard.press("ArrowDown")
    wait_for(page, "The network says 1.")
    page.keyboard.press("Space")
    page.keyboard.press("Control+z")
    wait_for(page, "Draw a digit.")
    for key in "aa":  # JupyterLab's own key would add cells
        page.keyboard.press(key)
    page.wait_for_timeout(500)
    assert page.locator(".jp-Cell").count() == cells


def test_from_a_file_by_drop_and_by_paste(page):
    give = """([kind, how]) => new Promise((done) => {
        const canvas = new OffscreenCanvas(300, 200), g = canvas.getContext('2d');
        g.fillStyle = '#eee'; g.fillRect(0, 0, 300, 200);
        g.strokeStyle = '#222'; g.lineWidth = 14; g.beginPath();
        g.moveTo(100, 40); g.lineTo(180, 40); g.lineTo(140, 160); g.stroke();
        canvas.convertToBlob().then((blob) => {
            const data = new DataTransfer();
            data.items.add(new File([blob], 'seven.png', {type: 'image/png'}));
            const given = {bubbles: true, cancelable: true, [how]: data};
            const Kind = kind === 'drop' ? DragEvent : ClipboardEvent;
            const event = new Kind(kind, given);
            document.querySelector('.cnn-draw').dispatchEvent(event);
            done();
        });
    })"""
    for kind, how in ("drop", "dataTransfer"), ("paste", "clipboardData"):
        clear(page)
        page.evaluate(give, [kind, how])
        wait_for(page, "The network says 7.")


def test_a_file_that_is_no_picture_is_said_to_be_none(page):
    clear(page)
    page.locator(".cnn-file").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    )
    page.get_by_role("alert").get_by_text("notes.txt is no picture").wait_for(timeout=30_000)


def test_drawn_digits_are_classified_as_the_originals(page):
    test = datasets.load("mnist").test
    right = 0
    for image, label in zip(test.images[:50, ..., 0], test.labels, strict=False):
        clear(page)
        draw(page, strokes(image))
        page.wait_for_timeout(150)
        try:
            page.wait_for_function(
                "(text) => document.querySelector('.cnn-says').textContent === text",
                arg=f"The network says {label}.",
                timeout=2000,
            )
            right += 1
        except Exception:  # another digit
            print(f"a {label}: {says(page)}")
    print(f"{right} of 50 drawn digits are classified as the originals")
    assert right >= 0.95 * 50


def test_bars_follow_the_pen(page):
    clear(page)
    page.evaluate(STOPWATCH)
    box = page.locator(".cnn-draw").bounding_box()
    angles = np.linspace(0, 12 * np.pi, PREDICTIONS)
    page.mouse.move(box["x"] + SIDE / 2 + 90, box["y"] + SIDE / 2)
    page.mouse.down()
    for count, angle in enumerate(angles):
        seen = page.evaluate("window.times.length")
        page.mouse.move(
            box["x"] + SIDE / 2 + 90 * np.cos(angle), box["y"] + SIDE / 2 + 90 * np.sin(angle)
        )
        page.wait_for_function("(seen) => window.times.length > seen", arg=seen, timeout=10_000)
        page.wait_for_timeout(5 + count % 20)  # a hand keeps no beat
    page.mouse.up()
    times = np.array(page.evaluate("window.times"))[-PREDICTIONS:]
    median, late = np.quantile(times, [0.5, 0.95])
    print(f"{len(times)} predictions: median {median:.0f} ms, 95 % within {late:.0f} ms")
    assert median <= 70 and late <= 100


def test_no_serious_fault_of_access(page):
    assert serious_faults(page) == []


def test_an_error_of_the_model_reaches_the_reader(lab, picture):
    cells = (
        "from cnncourse import demos, kernels, networks\n"
        "def relu(x, out):\n    raise ValueError('my kernel is not done yet')\n"
        "model = networks.tutorial()",
        "demo = demos.draw_digit(model)\ndemo.picture\n"
        "model.to(kernels.variant('cpu', relu=relu))\ndemo",
    )
    with lab.run(*cells) as page:
        alarm = page.get_by_role("alert")
        alarm.get_by_text("my kernel is not done yet").first.wait_for(timeout=180_000)
        assert serious_faults(page) == []
        picture(page, "draw-digit-error")


def test_in_the_dark(lab, digits, picture):
    cell = (
        "from cnncourse import Sequential, demos\n"
        f"demos.draw_digit(Sequential.load({str(digits)!r}))"
    )
    with lab.run(cell, theme="dark", width=1920, height=1080) as page:
        page.wait_for_selector(".cnn-bars tr", state="attached", timeout=180_000)
        draw(page, SEVEN)
        wait_for(page, "The network says 7.")
        assert serious_faults(page) == []
        picture(page, "draw-digit-dark")
