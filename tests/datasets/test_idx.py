"""Reading IDX files: what is accepted, and what each kind of damage is answered with."""

import gzip
import hashlib

import numpy as np
import pytest

from cnncourse import datasets
from cnncourse.datasets import idx

IMAGES = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
LABELS = np.array([7, 0, 9], dtype=np.uint8)


def encode(array):
    """The array as an IDX file, written out here independently of the reader."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


def read(path, expected):
    """Read ``path``, where a file with the content ``expected`` should be."""
    return idx.read(path, size=len(expected), sha256=hashlib.sha256(expected).hexdigest())


@pytest.mark.parametrize("array", [IMAGES, LABELS], ids=["images", "labels"])
@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("name", ["file", "file.gz"])  # the name says nothing about the content
def test_reads_images_and_labels(tmp_path, array, compress, name):
    path = tmp_path / name
    path.write_bytes(compress(encode(array)))
    result = read(path, encode(array))
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result, array)


GOOD = encode(IMAGES)
ALTERED = GOOD[:-1] + b"\xff"
DAMAGED = {
    "empty file": (b"", "expected an IDX file"),
    "a web page": (b"<!DOCTYPE html>", "begins with b'<!DOCTYP'"),
    "elements of another type": (b"\x00\x00\x0d" + GOOD[3:], "expected an IDX file"),
    "cut short": (GOOD[:-2], "expected 76 bytes of content, came 74"),
    "too long": (GOOD + b"?", "expected 76 bytes of content, came more"),
    "one byte altered": (ALTERED, f"came {hashlib.sha256(ALTERED).hexdigest()}"),
    "gzip, cut short": (gzip.compress(GOOD)[:-9], "expected a whole gzip file"),
    "gzip, trailer cut off": (gzip.compress(GOOD)[:-4], "expected a whole gzip file"),
    "gzip, wrong checksum": (gzip.compress(GOOD)[:-8] + bytes(8), "expected a whole gzip file"),
    "gzip, nonsense inside": (gzip.compress(GOOD)[:10] + b"\xff" * 30, "expected a whole gzip"),
    "gzip of altered content": (gzip.compress(ALTERED), "expected content with the SHA-256"),
}


@pytest.mark.parametrize(("content", "message"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_explained(tmp_path, content, message):
    path = tmp_path / "images.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError) as error:
        read(path, GOOD)
    first, advice = str(error.value).splitlines()
    assert first.startswith(str(path))
    assert message in first
    assert "Delete it" in advice


# Any file


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
@pytest.mark.parametrize("shape", [(5,), (2, 3, 4), (1, 2, 2, 3)])
def test_any_idx_file_is_read(tmp_path, shape, compress):
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    header = bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
    path = tmp_path / "kmnist-images"
    path.write_bytes(compress(header + array.tobytes()))
    assert np.array_equal(datasets.read_idx(path), array)
    assert np.array_equal(datasets.read_idx(str(path)), array)
    path.write_bytes(compress((header + array.tobytes())[:-1]))
    with pytest.raises(ValueError, match="kmnist-images: expected [0-9]+ bytes of content, came"):
        datasets.read_idx(path)
    path.write_bytes(compress(header[:5]))
    with pytest.raises(ValueError, match="kmnist-images: expected"):
        datasets.read_idx(path)
    path.write_bytes(b"PNG")
    with pytest.raises(ValueError, match="expected an IDX file of bytes"):
        datasets.read_idx(path)


def test_no_path_is_refused():
    with pytest.raises(TypeError, match="path must be the path of a file, got 3"):
        datasets.read_idx(3)
    with pytest.raises(FileNotFoundError):
        datasets.read_idx("nothing-here")
