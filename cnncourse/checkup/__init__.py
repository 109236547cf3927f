"""A check of the machine: will the course run here, and how? A file for each thing that is seen to.

Pythons older than the course's read this file, ``diagnosis`` and ``python`` as well, to be told so:
no newer syntax here, and nothing is imported before it is examined.
"""

import contextlib
import io
from importlib import import_module

from . import python
from .diagnosis import TO_DO, Diagnosis

# What is looked at, in this order: its name → its file. "kernels" comes last: a tiny model is
# really trained for it.
FILES = {
    "packages": "packages",
    "home": "home",
    "data": "data",
    "JupyterLab": "lab",
    "widgets": "widgets",
    "memory": "memory",
    "GPU": "gpu",
    "cache": "cache",
    "threads": "threads",
    "kernels": "compiler",
}
REINSTALL = (
    'install the course anew: pip install --force-reinstall "cnncourse[lab]", in a clone '
    '-e ".[lab]"; if that does not help, report this line'
)


def examine():
    """What the course finds on this machine: a `Diagnosis` by its name, and never an error.

    Where Python is too old, nothing else is looked at.

    >>> examine()["Python"].verdict
    'ok'
    """
    found = {"Python": python.examine()}
    if found["Python"].verdict != TO_DO:
        found.update((name, _examine(file)) for name, file in FILES.items())
    return found


def _examine(file):
    # some of it prints a line when it is first used; here that is said in the diagnosis
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            return import_module("." + file, __name__).examine()
        except Exception as error:  # whatever is wrong with this machine is what we look for
            reason = (str(error).strip() or "no reason given").splitlines()[0]
            return Diagnosis(TO_DO, f"{type(error).__name__}: {reason}", REINSTALL)
