"""``python -m cnncourse start``: a folder with the chapters, to work in.

Called again, for instance with a newer version of the course, it adds what is new. It never
overwrites what you have changed: it says where the new version lies.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from ..work_folder.course_files import course_files
from ..work_folder.delivery import deliver

FIRST = "notebooks/00-start-here.ipynb"


def add_arguments(parser):
    """The options of the command, for `argparse`."""
    parser.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        type=Path,
        default=Path("~/cnn-course"),
        help="the folder, made if need be (default: %(default)s)",
    )
    parser.add_argument("--open", action="store_true", help="then start JupyterLab there")
    parser.add_argument(
        "--no-solutions", action="store_true", help="leave out the notebooks with the answers"
    )
    parser.add_argument(
        "--with-trained",
        action="store_true",
        help="let the networks of the labs come trained, so that nobody waits for minutes",
    )


def run(options):
    """Fill the folder, and say what was done. Gives the exit status."""
    folder = _usable(options.folder)
    if options.open and not find_spec("jupyterlab"):
        raise ValueError('--open needs JupyterLab: pip install "cnncourse[lab]"')
    try:
        files = course_files(not options.no_solutions, options.with_trained)
        done = deliver(folder, files)
    except PermissionError as error:
        raise PermissionError(
            f"{error.filename} cannot be written ({error.strerror}): choose another folder"
        ) from None
    _report(folder, done)
    if options.open:
        return _open(folder)
    print(f"Begin with {FIRST}, or let this start JupyterLab there: --open")
    return 0


def _usable(folder):
    """The folder, absolute, with ``~`` for the home folder.

    Raises ``NotADirectoryError`` for a file, ``ValueError`` for a folder among the course's own
    files, where a changed chapter would be in the way of the next ``git pull``.
    """
    try:
        folder = folder.expanduser().resolve()
    except RuntimeError:  # there is no home
        raise ValueError(f"{folder}: this user has no home folder; name another one") from None
    for one in (folder, *folder.parents):
        if one.exists() and not one.is_dir():
            raise NotADirectoryError(f"{one} is a file: name a folder that is new, or yours")
        if (one / "cnncourse" / "__init__.py").is_file():
            raise ValueError(
                f"{folder} lies among the course's own files, in {one}: name a folder outside"
            )
    return folder


def _report(folder, done):
    print(folder)
    if done.added:
        notebooks = sum(name.endswith(".ipynb") for name in done.added)
        print(f"  added: notebooks: {notebooks}, other files: {len(done.added) - notebooks}")
    for title, names in (
        ("brought up to date, as you had not changed it", done.updated),
        ("changed by you, and left as it is", done.changed),
    ):
        for name in names:
            print(f"  {title}: {name}")
    for name, beside in done.beside.items():
        print(f"  changed by you, and left as it is: {name}; its new version: {beside}")
    if not (done.added or done.updated or done.beside):
        print("  nothing new")


def _open(folder):
    """Start JupyterLab, whose root is the folder, so that links lead everywhere in it."""
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir", str(folder)]
    return subprocess.call([*command, f"--LabApp.default_url=/lab/tree/{FIRST}"], cwd=folder)
