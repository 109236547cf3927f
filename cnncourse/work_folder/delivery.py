"""Filling a work folder, and bringing it up to date, without overwriting what a person changed."""

from dataclasses import dataclass, field
from enum import Enum

from ..support.files import replacing
from .places import names_for, place
from .record import Record


@dataclass
class Delivery:
    """What was done: names of files in the work folder, with ``/``."""

    added: list = field(default_factory=list)
    updated: list = field(default_factory=list)  # nobody had changed them
    changed: list = field(default_factory=list)  # by a person; there is nothing newer
    beside: dict = field(default_factory=dict)  # changed by a person → where the new version lies


class State(Enum):
    """What lies where a file is to be."""

    MISSING = "nothing"
    SAME = "the file, as it is to be"
    OLD = "an older version, which nobody has changed"
    CHANGED = "a person's own, made from the version that is to be"
    TAKEN = "a person's own, for which there is a new version"


def deliver(folder, files):
    """Put the course's files into a folder, which is made if need be.

    Arguments: ``folder``: its ``pathlib.Path``; ``files``: contents by name, from `course_files`.

    A file that is missing is added, and one that is as it was given is brought up to date. One that
    differs from all that was ever given is a person's own and stays; a new version of it goes into
    a folder beside it, once. Wherever the process is killed, each file is as it was, or new, and
    the next delivery goes on from there. Gives a `Delivery`.

    Raises ``OSError``, which names the file, where something cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record, done = Record(folder), Delivery()
    deliveries, to_write = [], []
    for name, content in files.items():
        target, state = _target(folder, name, content, record)
        if state is not State.CHANGED:
            deliveries.append((name, target, content))
        if state in (State.MISSING, State.OLD):
            to_write.append((name, target, content))
        _tell(done, name, target, state)
    record.add(deliveries)
    for name, target, content in to_write:
        _write(folder, name, target, content, record)
    return done


def _target(folder, name, content, record):
    """Where in the folder the file is to be found, and what lies there now."""
    for target in names_for(name):
        state = _state(folder, name, target, content, record)
        if state is not State.TAKEN:
            return target, state


def _state(folder, name, target, content, record):
    path = place(folder, target)
    if not path.exists():
        return State.MISSING
    if not path.is_file():
        return State.TAKEN
    there = path.read_bytes()
    if there == content:
        return State.SAME
    if record.knows(name, there):
        return State.OLD
    return State.CHANGED if record.gave(name, target, content) else State.TAKEN


def _tell(done, name, target, state):
    if target != name:
        done.beside[name] = target
    elif state is State.MISSING:
        done.added.append(name)
    elif state is State.OLD:
        done.updated.append(name)
    elif state is State.CHANGED:
        done.changed.append(name)


def _write(folder, name, target, content, record):
    path = place(folder, target)
    for parent in reversed(path.relative_to(folder).parents):
        if (folder / parent).is_file():
            raise NotADirectoryError(
                f"{folder / parent} is a file, and the course needs a folder of that name: "
                f"rename it, or choose another work folder."
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not record.knows(name, path.read_bytes()):
        return  # a person has saved it this very moment: the next delivery will see
    with replacing(path) as file:
        file.write(content)
