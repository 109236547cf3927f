"""The arrays of an ``.npz`` file, all of it read and compared with its checksums.

``numpy.load`` reads of each array as much as its header says, and the checksum only if that is all
there is; here every byte counts. Damaged files make the readers of zips and of arrays raise errors
of all kinds, in words that help nobody: they become one.
"""

import io
import zipfile

import numpy as np


class DamagedError(Exception):
    """The file is no whole ``.npz``."""


def read(path):
    """The arrays in the file at ``path``, by name; no pickled objects.

    Raises `DamagedError` for content that is not whole or is something else, ``OSError`` where the
    file cannot be read.
    """
    with open(path, "rb") as file:
        content = file.read()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return dict(_array(archive, name) for name in archive.namelist())
    except Exception:  # see above
        raise DamagedError from None


def _array(archive, name):
    """A member's name without its ending, and its array."""
    file = io.BytesIO(archive.read(name))  # compares the checksum, for it reads to the end
    array = np.lib.format.read_array(file, allow_pickle=False)
    if file.read(1) or not name.endswith(".npy"):
        raise DamagedError
    return name.removesuffix(".npy"), array
