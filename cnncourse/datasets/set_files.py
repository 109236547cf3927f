"""The files of a data set: those that are on this machine, and those that have to be downloaded."""

from functools import partial

from . import idx, locations
from .download import fetch
from .sources import QUICK_FILES, SOURCES


def here(name):
    """The paths of a data set's four files, if they are on this machine; else ``None``.

    Raises ``FileNotFoundError`` where ``CNNCOURSE_DATA`` names a folder that does not exist.
    """
    files = SOURCES[name].files

    def belong(paths):
        try:
            idx.read(paths[-1], files[-1].size, files[-1].sha256)  # the smallest
        except ValueError:
            return False
        return True

    return locations.locate(name, [file.name for file in files], belong)


def part_here(name):
    """The paths of the part of a data set that comes with the course; ``None`` without a part."""
    files = QUICK_FILES.get(name)
    return files and locations.locate(f"{name}-quick", [file.name for file in files])


def downloaded(name):
    """Download the files that the folder for downloads lacks; the paths of all four.

    Raises ``ConnectionError`` where no mirror helps, ``OSError`` where the folder cannot be
    written.
    """
    source, folder = SOURCES[name], locations.download_folder() / name
    for file in source.files:
        if locations.find(folder, file.name) is None:
            try:
                fetch(
                    urls=[f"{mirror}{file.name}.gz" for mirror in source.mirrors],
                    destination=folder / f"{file.name}.gz",
                    check=partial(idx.read, size=file.size, sha256=file.sha256),
                )
            except OSError as error:
                raise type(error)(f"{source.title} could not be downloaded. {error}") from None
    return here(name)
