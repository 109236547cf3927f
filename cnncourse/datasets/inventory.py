"""Which data sets are on this machine, where, and whether their files are what they should be."""

from dataclasses import dataclass

from . import idx, set_files
from .sources import QUICK_FILES, SOURCES

WHOLE, PART, NOTHING, DAMAGED = EXTENTS = "whole", "a part", "nothing", "damaged"


@dataclass(frozen=True)
class Holding:
    """What there is of a data set."""

    title: str
    extent: str  # one of EXTENTS
    where: str = ""  # the files lie
    fault: str = ""  # of the damaged file


def holding(name):
    """What there is of the data set ``name``. Every file's checksum is computed.

    >>> holding("digits")
    Holding(title='The digits', extent='whole', where='within scikit-learn', fault='')
    """
    if name == "digits":
        return Holding("The digits", WHOLE, "within scikit-learn")
    source = SOURCES[name]
    for paths, files, extent in (
        (set_files.here(name), source.files, WHOLE),
        (set_files.part_here(name), QUICK_FILES.get(name), PART),
    ):
        if paths is not None:
            fault = _fault(paths, files)
            where = str(paths[0].parent)
            return Holding(source.title, DAMAGED if fault else extent, where, fault)
    return Holding(source.title, NOTHING)


def _fault(paths, files):
    """What is wrong with the first file that is not as it should be; ``""`` if all are."""
    for path, file in zip(paths, files, strict=True):
        try:
            idx.read(path, file.size, file.sha256)
        except ValueError as error:
            return str(error)
    return ""
