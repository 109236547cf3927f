"""The images in a folder of class folders, found before any of them is decoded."""

import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..support.progress import progress
from . import image_file

LEAST_CLASSES = 2
FEW = 5_000  # files whose headers are read in less than a second


@dataclass(frozen=True)
class Listing:
    """What a folder of class folders holds."""

    class_names: tuple[str, ...]  # the sub-folders, sorted
    files: tuple[str, ...]  # paths from the folder on, with "/", sorted within each class
    labels: np.ndarray  # (N,) int64: positions in class_names
    sizes: np.ndarray  # (N, 2) int64: height and width, as the headers say
    found: int  # image files, the faulty ones included


def find_images(folder):
    """List the images in ``folder``, a ``pathlib.Path`` with one sub-folder for each class.

    A class's images may lie in sub-folders of its folder, too. Names that begin with a dot are
    passed over; so are other files than images and links to folders, whose numbers a printed line
    gives. Each image's header is read: a file that cannot be used is left out, with a printed line
    that names it and, at the end, their count.

    Raises ``FileNotFoundError``, ``NotADirectoryError`` or ``PermissionError`` for a folder that
    cannot be read, and ``ValueError`` where there are fewer than two classes, or one is empty.
    """
    classes = sorted(entry.name for entry in _entries(folder) if entry.is_dir())
    _require_two(folder, classes)
    passed_over = Counter()
    found = [
        (label, file)
        for label, name in enumerate(classes)
        for file in _walk(folder, name, passed_over)
    ]
    if passed_over:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(passed_over.items()))
        _say(f"passed over: {kinds}; read are {' '.join(image_file.ENDINGS)}")
    files, labels, sizes = [], [], []  # of the images that can be read
    faults = []  # (file, error)
    few = len(found) < FEW
    for label, file in progress(found, "reading headers", leave=False, disable=few):
        try:
            sizes.append(image_file.read_size(folder / file))
        except ValueError as error:
            faults.append((file, error))
        else:
            files.append(file)
            labels.append(label)
    for file, error in faults:
        say_skipped(folder, file, error)
    if faults:
        say_count(len(files), len(found))
    labels = np.array(labels, np.int64)
    for label, name in enumerate(classes):
        if label not in labels:
            raise ValueError(
                f"{folder}: the class {printable(name)!r} has no image that can be read; put some "
                f"into its folder, or remove it. Endings read: {' '.join(image_file.ENDINGS)}"
            )
    return Listing(tuple(classes), tuple(files), labels, np.array(sizes, np.int64), len(found))


def say_skipped(folder, file, error):
    """Print the line that names a file which is left out, above a running progress bar."""
    reason = str(error).removeprefix(f"{folder / file}: ")
    _say(f"skipped {file}: {reason}")


def say_count(left, found):
    """Print how many files were left out so far."""
    _say(f"skipped {found - left:,} of {found:,} files in all, {left:,} are left")


def printable(text):
    """``text`` on one line, whatever a file may be called."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _say(text):
    encoding = sys.stdout.encoding or "utf-8"  # some consoles lack other alphabets
    progress.write(printable(text).encode(encoding, "backslashreplace").decode(encoding))


def _entries(folder):
    """What is in ``folder``, but for hidden things such as ``.ipynb_checkpoints``."""
    try:
        return [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError as error:
        raise type(error)(
            f"{folder}: expected a folder that can be read, with one sub-folder for each class; "
            f"{error.strerror}. A relative path counts from the current folder, {Path.cwd()}"
        ) from None


def _require_two(folder, classes):
    if len(classes) < LEAST_CLASSES:
        loose = sum(entry.suffix.lower() in image_file.ENDINGS for entry in _entries(folder))
        raise ValueError(
            f"{folder}: expected one sub-folder for each of at least two classes, got "
            f"{len(classes)} {list(map(printable, classes))} and {loose:,} images beside them; a "
            "network needs two classes to tell apart. Sort the images into sub-folders that bear "
            "the classes' names"
        )


def _walk(folder, class_name, passed_over):
    """The image files of one class, as paths from ``folder`` on, in the same order everywhere.

    What is no image is counted in ``passed_over``, by its ending.
    """

    def unreadable(error):
        raise PermissionError(
            f"{error.filename}: expected a folder that can be read; {error.strerror}"
        ) from None

    found = []
    for folder_path, below, names in os.walk(folder / class_name, onerror=unreadable):
        below[:] = [name for name in below if not name.startswith(".")]
        links = sum(os.path.islink(os.path.join(folder_path, name)) for name in below)
        passed_over.update({"linked folders": links} if links else {})
        relative = Path(folder_path).relative_to(folder).as_posix()
        for name in names:
            ending = Path(name).suffix.lower()
            if name.startswith("."):
                continue
            if ending in image_file.ENDINGS:
                found.append(f"{relative}/{name}")
            else:
                passed_over[ending or "without an ending"] += 1
    return sorted(found)
