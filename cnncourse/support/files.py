"""Writing files that are whole at every moment."""

import glob
import os
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from uuid import uuid4

from . import checks

ABANDONED = 600  # seconds without a byte, after which a file belongs to no running process


@contextmanager
def replacing(path):
    """A file to write, open for bytes, that takes the place of ``path`` when the block is done.

    Until then it lies beside it under a name that nobody else has, so several threads or processes
    may write at once: the last one wins, and each reader finds a whole file. It is on the disk
    before it takes the old file's place. A link is followed, and the old file's permissions stay.
    Where the block fails, or the process is killed, the old file is as it was; what a killed one
    leaves beside it, the next to write to ``path`` removes once it is `ABANDONED`.

    Raises ``OSError``, which names ``path``, where nothing can be written; ``TypeError`` or
    ``ValueError`` for what is no path.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "note.txt") as file:
    ...     _ = file.write(b"whole")
    >>> (folder / "note.txt").read_bytes(), len(list(folder.iterdir()))
    (b'whole', 1)
    """
    path = Path(os.path.realpath(checks.file_path(path, "path")))
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "path must name a file, and this is a folder", str(path))
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        try:
            file = open(part, "xb")  # noqa: SIM115  closed below
        except OSError as error:
            raise type(error)(error.errno, error.strerror, str(path)) from None
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode & 0o7777)
        remove_abandoned(part, f".{glob.escape(path.name)}.*.part")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def user_folder():
    """The folder of this user for what can be made or downloaded again; ``None`` without a home."""
    with suppress(RuntimeError):
        return Path.home() / ".cache" / "cnncourse"
    return None


def remove_abandoned(part, pattern):
    """Remove the files beside ``part``, just written, that fit the pattern and nobody writes."""
    for left in abandoned(part, pattern):
        with suppress(OSError):  # another process was faster
            left.unlink()


def abandoned(part, pattern):
    """The files beside ``part``, just written, that fit the pattern and nobody writes any more."""
    latest = part.stat().st_mtime - ABANDONED  # by the clock of the disk, which may be a server's
    return [
        left for left in part.parent.glob(pattern) if left != part and _written_before(latest, left)
    ]


def _written_before(latest, path):
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < latest
    return False
