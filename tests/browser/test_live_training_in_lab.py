"""Live training, in a browser: by mouse and by keyboard."""

import re

import pytest
from real_lab import notebook_as_saved, serious_faults

SETUP = """from cnncourse import datasets, demos, networks
mnist = datasets.load("mnist")
model = networks.tutorial()
model.compile("sgd")
train, new = mnist.train, (mnist.test.images, mnist.test.labels)
demo = demos.live_training(model, train.images, train.labels, new, batch_size=16)"""


@pytest.fixture(scope="module")
def page(lab):
    with lab.run(SETUP, "demo") as page:
        says(page, "Ready.", 240_000)
        page.locator(".cnn-demo").scroll_into_view_if_needed()
        yield page


def says(page, text, timeout=60_000):
    page.get_by_text(text).wait_for(timeout=timeout)


def step(page):
    return int(re.match(r"step (\d+)", page.locator(".cnn-says + p").inner_text())[1])


def press(page, name):
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")


def test_step_by_step_by_keyboard(page):
    press(page, "Step")
    says(page, "Step 1: the loss was")
    press(page, "Step")
    says(page, "Step 2: the loss was")
    assert step(page) == 2


def test_it_trains_until_it_is_paused(page, picture):
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function(
        "/Loss after (2\\d|[3-9]\\d|\\d{3,}) steps: training/.test("
        "document.querySelector('.cnn-chart').getAttribute('aria-label'))",
        timeout=120_000,
    )
    picture(page, "training")
    page.get_by_role("button", name="Pause").click()
    says(page, "Paused.")
    page.wait_for_timeout(1500)
    before = step(page)
    page.wait_for_timeout(1500)
    assert step(page) == before > 20
    assert page.locator(".cnn-maps canvas").count() == 32
    assert re.fullmatch(
        r"true \d / predicted \d \(\d+ %\)", page.locator("figcaption").first.inner_text()
    )


def printed(page, code):
    """What a line of Python prints in the kernel."""
    page.evaluate(
        """(code) => {
            const {kernel} = window.jupyterapp.shell.currentWidget.sessionContext.session;
            window.heard = [];
            kernel.requestExecute({code}).onIOPub = ({content}) => {
                if (content.text) window.heard.push(content.text);
            };
        }""",
        code,
    )
    page.wait_for_function("window.heard.length", timeout=60_000)
    return page.evaluate("window.heard[0]").strip()


def test_other_cells_run_meanwhile_and_the_model_is_whole(page):
    page.get_by_role("button", name="Train", exact=True).click()
    assert printed(page, "print(model.predict(mnist.test.images[:5]).shape)") == "(5, 10)"
    page.get_by_role("button", name="Pause").click()


def test_what_is_chosen_counts(page):
    rate = page.get_by_label("learning rate")
    rate.fill("0.002")
    page.get_by_label("optimizer").select_option("Adam")
    press(page, "Step")
    says(page, "the loss was")
    assert printed(page, "print(model.optimizer)") == "Adam(learning_rate=0.002)"


def test_a_wrong_choice_is_explained(page):
    rate = page.get_by_label("learning rate")
    rate.fill("-1")
    rate.press("Tab")
    page.get_by_role("alert").get_by_text("learning_rate").first.wait_for(timeout=30_000)
    rate.fill("0.002")
    page.wait_for_function("!document.querySelector('.cnn-alarm').innerText", timeout=30_000)


def test_stop_gives_figures_of_all_images_and_again_the_first_weights(page):
    press(page, "Stop")
    says(
        page,
        re.compile(r"Stopped after \d+ steps.*training: loss .*validation: loss .*accuracy"),
        120_000,
    )
    press(page, "Start again")
    says(page, "The first weights are back.")
    assert step(page) == 0


def test_no_serious_fault_of_access(page):
    assert serious_faults(page) == []


def test_the_saved_notebook_holds_a_picture_and_its_text(page):
    *_, cell = notebook_as_saved(page).cells
    output, text = cell.outputs
    assert output.data["image/png"]
    assert output.data["text/plain"].startswith("<Demo: Train a network")
    assert "Picture: Loss and accuracy" in text.data["text/html"]


def test_in_the_dark(lab, picture):
    with lab.run(SETUP, "demo", theme="dark", width=1920, height=1080) as page:
        says(page, "Ready.", 240_000)
        page.locator(".cnn-demo").scroll_into_view_if_needed()
        page.get_by_role("button", name="Train", exact=True).click()
        page.wait_for_timeout(8000)
        picture(page, "training-dark")
        assert serious_faults(page) == []
