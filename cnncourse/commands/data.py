"""``python -m cnncourse data``: which data sets are on this machine, where, and whether whole.

``data fashion-mnist`` downloads what is missing of it; with ``--from FOLDER`` it copies the files
from there, whatever they are called.
"""

from pathlib import Path

from ..datasets import inventory, locations, set_files
from ..datasets.adoption import adopt
from ..datasets.loading import NAMES
from ..datasets.sources import SOURCES
from ..support.text import table


def add_arguments(parser):
    """The options of the command, for `argparse`."""
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="a data set to have whole, such as fashion-mnist (default: only say what is here)",
    )
    parser.add_argument(
        "--from",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        help="copy the files that lie in this folder, or below, instead of downloading them",
    )


def run(options):
    """Get what is asked for, and print what there is.

    Gives the exit status: 0 where all that was named is whole, and nothing that is here is damaged.
    """
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        raise ValueError(f"there is no data set {unknown[0]!r}; choose from {', '.join(NAMES)}")
    names = options.names or NAMES
    if options.folder is not None:
        _copy(options.folder, names)
    elif options.names:
        _download(names)
    found = {name: inventory.holding(name) for name in names}
    _show(found)
    good = {inventory.WHOLE} if options.names else set(inventory.EXTENTS) - {inventory.DAMAGED}
    return int(not {one.extent for one in found.values()} <= good)


def _copy(folder, names):
    paths = adopt(folder, [name for name in names if name in SOURCES])
    for path in paths:
        print(f"copied: {path}")
    if not paths:
        print(f"Nothing in {folder} was missing here. (Archives have to be unpacked first.)")


def _download(names):
    for name in names:
        if inventory.holding(name).extent in (inventory.PART, inventory.NOTHING):
            if locations.only_bundled():
                raise ValueError(
                    f"CNNCOURSE_DATA=bundled forbids downloads: remove it, or copy {name}'s files "
                    f"by --from FOLDER"
                )
            set_files.downloaded(name)


def _show(found):
    rows = [[name, one.where, one.extent] for name, one in found.items()]
    print(table(["data set", "where", "here"], rows))
    for name, one in found.items():
        if one.fault:
            print(one.fault)
        if one.extent in (inventory.PART, inventory.NOTHING):
            print(
                f"{one.title}: python -m cnncourse data {name} downloads the whole; with "
                f"--from FOLDER it copies files that you have elsewhere."
            )
