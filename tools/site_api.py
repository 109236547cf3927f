"""The web edition's pages about the package: one for each room, from the docstrings."""

import inspect
from importlib import import_module
from types import ModuleType

import cnncourse


def pages():
    """Name → text of each page, in reStructuredText; ``"index"`` leads to the others."""
    values = {name: getattr(cnncourse, name) for name in cnncourse.__all__}
    rooms = {name: value for name, value in values.items() if isinstance(value, ModuleType)}
    modules = {room.__name__ for room in rooms.values()}
    objects = [
        f"cnncourse.{name}"
        for name, value in values.items()
        if name not in rooms and value.__module__ not in modules  # a room's page has the others
    ]
    found = {"cnncourse": _page("cnncourse", objects, inherited=True)}
    found |= {name: _room(room) for name, room in rooms.items()}
    return {"index": _index(found), **found}


def public_names(room):
    """The names that a room offers: those it lists, or else those that it defines."""
    if hasattr(room, "__all__"):
        return list(room.__all__)
    return [
        name
        for name, value in vars(room).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == room.__name__
    ]


def _room(room):
    return _page(room.__name__, [f"{room.__name__}.{name}" for name in public_names(room)])


def _page(module, entries, inherited=False):
    parts = [_title(module), f".. automodule:: {module}\n   :no-members:\n"]
    return "\n".join(parts + [_entry(entry, inherited) for entry in entries])


def _entry(entry, inherited):
    module, _, name = entry.rpartition(".")
    value = getattr(import_module(module), name)
    if inspect.isclass(value):
        options = ":members:\n   :show-inheritance:"
        options += "\n   :inherited-members:" * inherited
        return f".. autoclass:: {entry}\n   {options}\n"
    kind = "autofunction" if callable(value) else "autodata"
    return f".. {kind}:: {entry}\n"


def _index(names):
    lines = [_title("The package"), ".. toctree::\n   :maxdepth: 1\n"]
    return "\n".join(lines + [f"   {name}" for name in names]) + "\n"


def _title(text):
    return f"{text}\n{'=' * len(text)}\n"
