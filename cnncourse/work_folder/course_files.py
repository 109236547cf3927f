"""The files of the course that go into a work folder."""

import json
import posixpath
import re

from ..support.course import course_folder
from ..trained.cells import with_trained

# The photographs are opened by their path in some chapters; all other data is found in the package.
PATTERNS = ("notebooks/*.ipynb", "notebooks/pictures/*", "data/README.md", "data/photos/**/*.jpg")
SOLUTIONS = ("notebooks/solutions/*.ipynb",)
LINK = re.compile(r"(?<!!)\[([^][]*)\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")


def course_files(solutions=True, trained=False):
    """What goes where: the content of each file, bytes, by its path in the folder, with ``/``.

    ``solutions``: whether the notebooks with the answers are among them; ``trained``: whether the
    chapters' networks come trained.

    >>> len(course_files()["notebooks/00-start-here.ipynb"]) > 1000
    True
    """
    top = course_folder()
    patterns = PATTERNS + SOLUTIONS * solutions
    found = {
        path.relative_to(top).as_posix(): path
        for pattern in patterns
        for path in sorted(top.glob(pattern))
    }
    return {name: _content(path, name, found, trained) for name, path in found.items()}


def _content(path, name, names, trained):
    """The file's content, in which no link leads to a file of the clone that stays there."""
    content = path.read_bytes()
    if name.endswith(".md"):
        return _without_dead_links(content.decode(), name, names).encode()
    if not name.endswith(".ipynb"):
        return content
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = [_without_dead_links(line, name, names) for line in cell["source"]]
    if trained:
        with_trained(notebook, path.stem)
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _without_dead_links(text, name, names):
    """``text`` of the file ``name``; of a link to none of ``names``, the place remains as words."""

    def kept(link):
        words, target = link.groups()
        place = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        if place in names or any(other.startswith(f"{place}/") for other in names):
            return link[0]
        return f"`{place}`" if words.startswith("`") else f"{words} (`{place}`)"

    return LINK.sub(kept, text)
