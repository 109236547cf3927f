"""``python -m cnncourse slides 05``: a chapter as slides, one file to show without a network."""

import re
from pathlib import Path

from .. import slides
from ..support.course import course_folder


def add_arguments(parser):
    """The options of the command, for `argparse`."""
    parser.add_argument(
        "chapters",
        nargs="+",
        metavar="chapter",
        help="a chapter's number, such as 05, or a notebook's file",
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="where to write (default: the current one)"
    )


def run(options):
    """Write the slides of each chapter, and say how they are shown. Gives the exit status."""
    found = [find(name) for name in options.chapters]
    options.folder.mkdir(parents=True, exist_ok=True)
    for chapter in found:
        path = options.folder / f"{chapter.stem}.slides.html"
        slides.to_html(chapter, path)
        print(f"written to {path}")
    print("Open it in a browser: the space bar goes on, S opens the speaker notes, O shows all.")
    return 0


def find(name):
    """The notebook that is meant by a number or by a file's name.

    A number is looked for in the current folder, in its ``notebooks``, and in the course itself.
    Raises ``FileNotFoundError`` if there is none.
    """
    if not re.fullmatch(r"\d{1,2}", name):
        if not Path(name).is_file():
            raise FileNotFoundError(f"there is no notebook {name}; name its file, or a number: 05")
        return Path(name)
    folders = (Path(), Path("notebooks"), course_folder() / "notebooks")
    for folder in folders:
        for found in sorted(folder.glob(f"{int(name):02}-*.ipynb")):
            return found
    places = ", ".join(str(folder.resolve()) for folder in folders)
    raise FileNotFoundError(f"there is no chapter {name} in {places}")
