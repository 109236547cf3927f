"""Taking over files of a data set that lie elsewhere on this machine."""

import os
from contextlib import suppress
from pathlib import Path

from ..support.files import replacing
from . import idx, locations
from .sources import SOURCES


def adopt(folder, names):
    """Copy the files of the data sets ``names`` from anywhere in ``folder`` to where downloads go.

    They are known by their content, whatever they are called, gzipped or not; what is there already
    stays as it is. Gives the paths of the new files.

    Raises ``NotADirectoryError`` for what is no folder, ``OSError`` where nothing can be written.

    Example::

        adopt(Path("~/Downloads").expanduser(), ["fashion-mnist"])
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder: name the one that the files lie in.")
    found = {checksum: path for path in _files(folder) if (checksum := _checksum(path))}
    adopted = []
    for name in names:
        for file in SOURCES[name].files:
            if file.sha256 in found and (target := _lacking(name, file)):
                target.parent.mkdir(parents=True, exist_ok=True)
                with replacing(target) as copy:
                    copy.write(found[file.sha256].read_bytes())
                adopted.append(target)
    return adopted


def _files(folder):
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            yield Path(parent, name)


def _checksum(path):
    with suppress(OSError):  # not ours to read, or gone by now
        if path.is_file():  # a pipe would let us wait for ever
            return idx.checksum(path)
    return None


def _lacking(name, file):
    """Where a file goes that is missing, or damaged; ``None`` where it is whole."""
    folder = locations.download_folder() / name
    there = locations.find(folder, file.name)
    if there is not None and _checksum(there) == file.sha256:
        return None
    return there or folder / f"{file.name}.gz"  # a reader looks at the content, not at the name
