"""What all demos have in common: their one output, with the extra and without."""

import sys

import pytest
from small_models import small, small_batch

from cnncourse import demos, networks
from cnncourse.demos.demo import HOW
from cnncourse.demos.live_view import HERE

WIDGET = "application/vnd.jupyter.widget-view+json"
MAKE = {
    "draw_digit": lambda: demos.draw_digit(networks.tutorial()),
    "convolution_playground": demos.convolution_playground,
    "explorer": lambda: demos.explorer(small()),
    "live_training": lambda: live_training(),
}


def live_training():
    model = small()
    model.compile()
    return demos.live_training(model, *small_batch(20))


@pytest.fixture(params=MAKE, ids=str)
def demo(request):
    return MAKE[request.param]()


def test_there_is_a_test_for_each():
    assert sorted(MAKE) == sorted(demos.__all__)


def test_without_the_extra_there_is_a_picture_that_says_how_to_get_it(demo, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)  # an import fails
    data, metadata = demo._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    assert data["image/png"].startswith(b"\x89PNG")
    assert len(metadata["image/png"]["alt"]) > 40
    assert data["text/plain"] == f"<Demo: {demo.title}; {HOW}>"
    assert 'pip install -e ".[live]"' in demo.picture.get_supxlabel()


def test_with_the_extra_it_is_one_output_with_the_same_text(demo):
    pytest.importorskip("anywidget")
    data, _ = demo._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain", WIDGET}
    assert data[WIDGET]["model_id"] == demo.view.model_id
    assert demo._repr_mimebundle_()[0][WIDGET] == data[WIDGET], "shown twice, it is one demo"
    assert data["text/plain"] == repr(demo)


def test_the_view_sends_what_the_demo_answers(demo, monkeypatch):
    pytest.importorskip("anywidget")
    sent = []
    monkeypatch.setattr(type(demo.view), "send", lambda self, *parts: sent.append(parts))
    demo.view._handle_custom_msg({"kind": "nonsense", "number": 7}, [])
    ((reply, buffers),) = sent
    assert reply["number"] == 7 and "on_nonsense" in reply["error"] and buffers == []


def test_the_picture_is_the_same_each_time(demo, request):
    again = MAKE[request.node.callspec.params["demo"]]()
    assert demo.picture.png() == again.picture.png()


def test_its_script_is_there_and_takes_nothing_from_elsewhere(demo):
    script = (HERE / demo.script).read_text(encoding="utf-8")
    assert "export default { render:" in script
    for text in (
        script,
        *((HERE / name).read_text(encoding="utf-8") for name in ("common.js", "demos.css")),
    ):
        assert "http" not in text and "import " not in text and "url(" not in text


def test_an_interrupt_reaches_the_reader(demo, monkeypatch):
    def on_wait(self, message, buffers):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(demo), "on_wait", on_wait, raising=False)
    reply, _ = demo.answer({"kind": "wait", "number": 1})
    assert reply["error"].startswith("KeyboardInterrupt")
