"""The player of movies: what its script asks, and that there is a picture without it."""

import sys

import pytest

from cnncourse import animations
from cnncourse.demos.live_view import HERE

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def movie():
    return animations.pooling([[1, 2, 0, 0], [3, 4, 0, 8]])


def ask(movie, kind, **message):
    reply, buffers = movie.answer({"kind": kind, "number": 1} | message)
    assert "error" not in reply, reply["traceback"]
    return reply, buffers


def test_it_says_what_there_is_and_gives_each_picture(movie):
    reply, _ = ask(movie, "start")
    assert reply["alts"] == [figure.alt for figure in movie.figures]
    assert (reply["shown"], reply["width"]) == ([1000, 3000], movie.figures[0].width)
    for number, figure in enumerate(movie.figures):
        assert ask(movie, "picture", picture=number)[1] == [figure.png()]


def test_an_error_reaches_the_reader(movie):
    reply, _ = movie.answer({"kind": "picture", "number": 1, "picture": 2})
    assert reply["error"].startswith("IndexError")


def test_with_the_extra_and_without_the_same_picture_and_text(movie, monkeypatch):
    pytest.importorskip("anywidget")
    with_player, _ = movie._repr_mimebundle_()
    monkeypatch.setitem(sys.modules, "anywidget", None)  # an import fails
    again = animations.pooling([[1, 2, 0, 0], [3, 4, 0, 8]])
    without, _ = again._repr_mimebundle_()
    assert with_player.pop(WIDGET)["model_id"] == movie.view.model_id
    assert with_player == without == {"image/png": movie.png(), "text/plain": repr(movie)}


def test_its_script_is_there_and_takes_nothing_from_elsewhere():
    script = (HERE / animations.movie.Movie.script).read_text(encoding="utf-8")
    assert "export default { render:" in script
    assert "http" not in script and "import " not in script
