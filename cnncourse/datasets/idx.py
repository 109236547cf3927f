"""IDX, the file format of MNIST: an array of bytes behind a short header.

    byte 0, 1   0
    byte 2      type of the elements; 8 means unsigned bytes, the only one read here
    byte 3      number of axes: 3 for images, 1 for labels
    byte 4…     length of each axis, 4 bytes each, most significant byte first
    then        the elements, the last axis changing fastest

Source: http://yann.lecun.com/exdb/mnist/, "File formats for the MNIST database".

A file is accepted for what it says, compressed by gzip or xz or not at all: mirrors compress the
same bytes differently, so the checksum is taken of the decompressed content. Nothing in it is ever
executed, as unpickling would.
"""

import gzip
import hashlib
import zlib
from contextlib import suppress
from math import prod
from pathlib import Path

import numpy as np

GZIP_MAGIC = b"\x1f\x8b"
XZ_MAGIC = b"\xfd7zXZ"
IDX_MAGIC = b"\x00\x00\x08"
ADVICE = "Delete it, then load again: a missing file is downloaded."
OTHERS = (
    "If it is of another data set in this format, such as EMNIST or KMNIST, "
    "datasets.read_idx(path) reads it."
)
TOO_LONG = 2**31  # bytes: no data set of small images has so many


def read(path, size, sha256):
    """The array in the IDX file at ``path``: uint8, of the shape its header gives.

    Arguments: ``path``: a ``pathlib.Path``; ``size``: the bytes that the file has when it is
    decompressed; ``sha256``: their checksum, in hexadecimal.

    Raises ``ValueError`` for a file that is damaged, cut short or not the one expected.

    Example::

        labels = read(Path("t10k-labels-idx1-ubyte.gz"), 10_008, "ff7bcfd416de3373…")  # (10000,)
    """
    try:
        content = _content(path, size)
        _check(content, size, sha256)
    except ValueError as error:
        raise ValueError(f"{path}: {error}\n{ADVICE}") from None
    axes = content[3]
    shape = np.frombuffer(content, ">u4", count=axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def read_idx(path):
    """The array in any IDX file of bytes, compressed or not: uint8, of the shape its header gives.

    For data sets in MNIST's format that `load` does not know, such as EMNIST (whose images lie on
    their side: ``images.transpose(0, 2, 1)``) and KMNIST. To train on images, divide them by 255
    and give them an axis of channels.

    Raises ``TypeError`` for what is no path, ``FileNotFoundError``, and ``ValueError`` for a file
    of another format, or one that is damaged or cut short.

    Example::

        images = read_idx("KMNIST/train-images-idx3-ubyte.gz")  # (60000, 28, 28)
    """
    if not isinstance(path, (str, Path)):
        raise TypeError(f"path must be the path of a file, got {path!r}")
    try:
        content = _content(Path(path), TOO_LONG)
        _check_magic(content)
        header = 4 + 4 * (content[3] if len(content) > 3 else 0)  # bytes
        if len(content) < max(header, 4):
            raise ValueError(f"expected {header} bytes of header, came {len(content)}.")
        shape = tuple(int(n) for n in np.frombuffer(content[4:header], ">u4"))
        _check_size(content, header + prod(shape))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def checksum(path):
    """The SHA-256 of the content of an IDX file, decompressed; ``None`` for any other file.

    Raises ``OSError`` for a file that cannot be read.
    """
    with suppress(ValueError):  # a damaged archive
        if _content(path, len(IDX_MAGIC)).startswith(IDX_MAGIC):
            return hashlib.sha256(_content(path, TOO_LONG)).hexdigest()
    return None


def _content(path, size):
    """The bytes of the file, decompressed where its first bytes say so, whatever its name."""
    with path.open("rb") as file:
        begin = file.read(len(XZ_MAGIC))
        file.seek(0)
        # one byte more than expected tells that it is too long, without reading all of it
        if begin.startswith(GZIP_MAGIC):
            try:
                return gzip.open(file).read(size + 1)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise _damaged("gzip", error) from None
        if begin == XZ_MAGIC:
            lzma = _lzma(path)
            try:
                return lzma.open(file).read(size + 1)
            except (EOFError, lzma.LZMAError) as error:
                raise _damaged("xz", error) from None
        return file.read(size + 1)


def _lzma(path):
    try:
        import lzma
    except ImportError:
        raise ImportError(
            f"{path} is compressed by xz, and this Python was built without the module lzma: take "
            f"one from python.org, from conda or from your system"
        ) from None
    return lzma


def _damaged(kind, error):
    return ValueError(f"expected a whole {kind} file, came a damaged one ({error}).")


def _check(content, size, sha256):
    """Refuse all content but the expected one, with the simplest reason first."""
    _check_magic(content)
    _check_size(content, size)
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise ValueError(f"expected content with the SHA-256 {sha256}, came {digest}. {OTHERS}")


def _check_magic(content):
    if not content.startswith(IDX_MAGIC):
        raise ValueError(
            f"expected an IDX file of bytes, which begins with {IDX_MAGIC}, "
            f"came one that begins with {content[:8]}."
        )


def _check_size(content, size):
    if len(content) != size:
        came = f"{len(content):,}" if len(content) < size else "more"
        raise ValueError(f"expected {size:,} bytes of content, came {came}.")
