"""The one place that knows anywidget, which the extra ``live`` brings."""

from pathlib import Path

HERE = Path(__file__).parent


def live_view(script, answer):
    """A widget that runs a demo's JavaScript; ``None`` where anywidget is not installed.

    ``script``: the name of its file in this folder; ``answer``: the function of a message and its
    buffers that gives the reply to each.
    """
    try:
        from anywidget import AnyWidget
    except ModuleNotFoundError:
        return None

    class LiveView(AnyWidget):
        _esm = text("common.js") + text(script)  # one module
        _css = text("demos.css")

    view = LiveView()
    view.on_msg(lambda _, message, buffers: view.send(*answer(message, buffers)))
    return view


def text(name):
    """The text of a file in this folder."""
    return (HERE / name).read_text(encoding="utf-8")
