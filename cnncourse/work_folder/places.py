"""Where a file of the course lies in a work folder, or may be put."""

from itertools import count


def place(folder, name):
    """The path of the file ``name``, which may not exist yet.

    A name that differs in nothing but capital letters is taken for the same: on Windows and on Macs
    it is, and elsewhere such a pair would become one file on the way to such a computer.
    """
    path = folder
    for part in name.split("/"):
        parent, path = path, path / part
        if not path.exists() and parent.is_dir():
            alike = (one for one in parent.iterdir() if one.name.casefold() == part.casefold())
            path = next(alike, path)
    return path


def names_for(name):
    """The name itself, and then names beside it, for a version that must not take its place.

    >>> from itertools import islice
    >>> list(islice(names_for("notebooks/a.ipynb"), 3))
    ['notebooks/a.ipynb', 'notebooks-new/a.ipynb', 'notebooks-new-2/a.ipynb']
    """
    yield name
    top, rest = name.split("/", 1)
    yield f"{top}-new/{rest}"
    for number in count(2):
        yield f"{top}-new-{number}/{rest}"
