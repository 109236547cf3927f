"""The command that says which data sets are here, gets the others, and takes files over."""

import gzip
import hashlib
import lzma
from dataclasses import replace

import pytest

from cnncourse.__main__ import main
from cnncourse.datasets import locations, set_files, sources

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def contents(title):
    """Four tiny IDX files, of other bytes for each title."""
    made = {}
    for name in NAMES:
        pixels = f"{title} {name}".encode()
        shape = (1, 1, len(pixels)) if "idx3" in name else (len(pixels),)
        lengths = b"".join(length.to_bytes(4, "big") for length in shape)
        made[name] = bytes([0, 0, 8, len(shape)]) + lengths + pixels
    return made


MNIST, PART, FASHION = map(contents, ("mnist", "part", "fashion"))


def files(whole):
    return tuple(
        sources.File(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in whole.items()
    )


def write(folder, whole, compress=gzip.compress, suffix=".gz"):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in whole.items():
        (folder / f"{name}{suffix}").write_bytes(compress(content))


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course with tiny data sets: MNIST, a part of Fashion-MNIST, and a mirror for the rest."""
    monkeypatch.delenv("CNNCOURSE_DATA", raising=False)
    folder = tmp_path / "course"
    monkeypatch.setattr(locations, "course_folder", lambda: folder)
    mirror = f"{(tmp_path / 'mirror').as_uri()}/"
    for name, whole in {"mnist": MNIST, "fashion-mnist": FASHION}.items():
        source = replace(sources.SOURCES[name], mirrors=(mirror,), files=files(whole))
        monkeypatch.setitem(sources.SOURCES, name, source)
    monkeypatch.setitem(sources.QUICK_FILES, "fashion-mnist", files(PART))
    write(folder / "data" / "mnist", MNIST)
    write(folder / "data" / "fashion-mnist-quick", PART)
    return folder


def run(capsys, *arguments):
    status = main(["data", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


def row(text, name):
    """What the table says of a data set: where it is, and how much of it."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name}  ")]
    return line.split(None, 1)[1].strip()


def test_what_is_here_and_where(course, capsys):
    status, text, _ = run(capsys)
    assert status == 0
    assert row(text, "mnist").startswith(str(course / "data" / "mnist"))
    assert row(text, "mnist").endswith(" whole")
    assert row(text, "fashion-mnist").startswith(str(course / "data" / "fashion-mnist-quick"))
    assert row(text, "fashion-mnist").endswith(" a part")
    assert row(text, "digits").endswith(" whole")
    assert "python -m cnncourse data fashion-mnist downloads the whole" in text


def test_a_name_downloads_what_is_missing_of_it(course, tmp_path, capsys):
    write(tmp_path / "mirror", FASHION)
    status, text, _ = run(capsys, "fashion-mnist")
    assert status == 0 and row(text, "fashion-mnist").endswith(" whole")
    assert len(list((course / "data" / "fashion-mnist").iterdir())) == 4


def test_what_is_whole_is_not_downloaded(capsys, monkeypatch):
    monkeypatch.setattr(set_files, "fetch", None)
    status, text, _ = run(capsys, "mnist", "digits")
    assert status == 0 and row(text, "mnist").endswith(" whole")


def test_offline(capsys):
    status, _, error = run(capsys, "fashion-mnist")
    assert status == 1
    assert "Fashion-MNIST could not be downloaded. No mirror gave" in error


def test_bundled_means_no_download(capsys, monkeypatch):
    monkeypatch.setenv("CNNCOURSE_DATA", "bundled")
    status, _, error = run(capsys, "fashion-mnist")
    assert status == 1 and "CNNCOURSE_DATA=bundled forbids downloads" in error
    assert run(capsys, "mnist")[0] == 0


def test_a_damaged_file_is_named(course, capsys):
    path = course / "data" / "mnist" / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(b"x")
    for arguments in ([], ["mnist"]):
        status, text, _ = run(capsys, *arguments)
        assert status == 1 and row(text, "mnist").endswith(" damaged")
        assert f"{path}: expected an IDX file" in text and "Delete it" in text


@pytest.mark.parametrize(
    ("compress", "suffix"), [(gzip.compress, ".gz"), (lzma.compress, ".xz"), (bytes, "")]
)
def test_files_that_lie_elsewhere(course, tmp_path, capsys, compress, suffix):
    write(tmp_path / "elsewhere" / "deep", FASHION, compress, suffix)
    (tmp_path / "elsewhere" / "holiday.jpg").write_bytes(b"no data")
    status, text, _ = run(capsys, "--from", tmp_path / "elsewhere")
    assert status == 0 and text.count("copied: ") == 4
    assert row(text, "fashion-mnist").endswith(" whole")
    assert len(list((tmp_path / "elsewhere").rglob("*ubyte*"))) == 4, "they stay where they were"
    assert "Nothing in" in run(capsys, "--from", tmp_path / "elsewhere")[1]


def test_files_with_names_of_their_own(course, tmp_path, capsys):
    (tmp_path / "elsewhere").mkdir()
    for number, content in enumerate(FASHION.values()):
        (tmp_path / "elsewhere" / f"{number}.bin").write_bytes(content)
    status, text, _ = run(capsys, "fashion-mnist", "--from", tmp_path / "elsewhere")
    assert status == 0 and row(text, "fashion-mnist").endswith(" whole")


def test_only_some_of_the_files(tmp_path, capsys):
    write(tmp_path / "elsewhere", dict(list(FASHION.items())[:2]))
    status, text, _ = run(capsys, "fashion-mnist", "--from", tmp_path / "elsewhere")
    assert status == 1 and text.count("copied: ") == 2
    assert row(text, "fashion-mnist").endswith(" a part")


def test_a_damaged_file_is_replaced(course, tmp_path, capsys):
    (course / "data" / "mnist" / "t10k-labels-idx1-ubyte.gz").write_bytes(b"x")
    write(tmp_path / "elsewhere", MNIST)
    status, text, _ = run(capsys, "mnist", "--from", tmp_path / "elsewhere")
    assert status == 0 and text.count("copied: ") == 1


def test_no_such_folder(tmp_path, capsys):
    status, _, error = run(capsys, "--from", tmp_path / "nowhere")
    assert status == 1 and f"{tmp_path / 'nowhere'} is no folder" in error


def test_no_such_data_set(capsys):
    status, _, error = run(capsys, "cifar")
    assert status == 1
    assert "no data set 'cifar'; choose from mnist, fashion-mnist, digits" in error
