"""Where the course's own files lie: the chapters in ``notebooks/``, their data in ``data/``."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
INSTALLED = PACKAGE / "course"  # where setup.py puts them in a wheel


def is_installed():
    """Whether the package holds the course's files, as a wheel's does, and lies in no clone."""
    return INSTALLED.is_dir()


def course_folder():
    """The folder that holds ``notebooks/`` and ``data/``: the clone, or within the package.

    >>> (course_folder() / "data" / "README.md").is_file()
    True
    """
    return INSTALLED if is_installed() else PACKAGE.parent
