"""``load``: where it looks, in which order, and what it says where it finds nothing.

Small data sets stand in for MNIST and Fashion-MNIST, and folders for their mirrors.
"""

import dataclasses
import gzip
import hashlib
import socket
from dataclasses import replace

import numpy as np
import pytest

from cnncourse import datasets
from cnncourse.datasets import loading, locations, set_files, sources

TINY = {
    "train-images-idx3-ubyte": np.arange(6 * 28 * 28).reshape(6, 28, 28).astype(np.uint8),
    "train-labels-idx1-ubyte": np.array([3, 1, 4, 1, 5, 9], np.uint8),
    "t10k-images-idx3-ubyte": np.arange(2 * 28 * 28)[::-1].reshape(2, 28, 28).astype(np.uint8),
    "t10k-labels-idx1-ubyte": np.array([2, 6], np.uint8),
}
REAL = dict(sources.SOURCES)
CLASSES = {
    "mnist": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "fashion-mnist": (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
}


def encode(array):
    """The array as an IDX file."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


def write(folder, names=tuple(TINY), compress=gzip.compress, suffix=".gz"):
    """Write the tiny files into ``folder``, as a person or a mirror would have them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}{suffix}").write_bytes(compress(encode(TINY[name])))


def no_network(*args, **options):
    raise AssertionError("a test must not use the network")


def no_download(*args, **options):
    raise AssertionError("nothing had to be downloaded")


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course folder without data, whose mirrors are two folders that do not exist yet."""
    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.delenv("CNNCOURSE_DATA", raising=False)
    monkeypatch.delenv("CNNCOURSE_QUICK", raising=False)
    folder = tmp_path / "course"
    (folder / "notebooks").mkdir(parents=True)
    monkeypatch.chdir(folder / "notebooks")
    monkeypatch.setattr(locations, "course_folder", lambda: folder)
    files = tuple(
        sources.File(name, len(encode(array)), hashlib.sha256(encode(array)).hexdigest())
        for name, array in TINY.items()
    )
    mirrors = tuple(f"{(tmp_path / mirror).as_uri()}/" for mirror in ("mirror-1", "mirror-2"))
    for name, source in REAL.items():
        monkeypatch.setitem(sources.SOURCES, name, replace(source, mirrors=mirrors, files=files))
    return folder


def assert_tiny(data, name="mnist"):
    assert data.name == name
    for split, part in ((data.train, "train"), (data.test, "t10k")):
        pixels, labels = TINY[f"{part}-images-idx3-ubyte"], TINY[f"{part}-labels-idx1-ubyte"]
        assert split.images.dtype == np.float32
        np.testing.assert_array_equal(split.images, pixels[..., None] / np.float32(255))
        assert split.labels.dtype == np.int64
        np.testing.assert_array_equal(split.labels, labels)


# What is given


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_fields(course, name):
    write(course / "data" / name)
    data = datasets.load(name)
    assert_tiny(data, name)
    assert isinstance(data, datasets.Dataset)
    assert isinstance(data.train, datasets.Split)
    assert (len(data.train), len(data.test)) == (6, 2)
    assert data.class_names == CLASSES[name]
    assert data.source.startswith("Fashion-MNIST by" if name == "fashion-mnist" else "MNIST by")
    assert "\n" not in data.source
    with pytest.raises(ValueError, match="read-only"):
        data.train.images += 1


def test_repr(course):
    write(course / "data" / "mnist")
    data = datasets.load("mnist")
    assert repr(data) == "Dataset 'mnist': 6 training and 2 test images of 28×28×1, 10 classes"
    assert repr(data.test) == "Split: 2 images of 28×28×1"
    expected = "Dataset 'digits': 20,000 training and 450 test images of 28×28×1, 10 classes"
    assert repr(datasets.load("digits")) == expected


# Where it looks


@pytest.mark.parametrize(("compress", "suffix"), [(gzip.compress, ".gz"), (bytes, "")])
def test_the_chosen_folder_comes_first(course, tmp_path, monkeypatch, compress, suffix):
    write(tmp_path / "chosen" / "mnist", compress=compress, suffix=suffix)
    write(course / "data" / "mnist", compress=lambda content: b"never read")
    monkeypatch.setenv("CNNCOURSE_DATA", str(tmp_path / "chosen"))
    assert_tiny(datasets.load("mnist"))


@pytest.mark.parametrize("name", ["", "mnist"])  # no sub-folder, or one where a file is missing
def test_a_chosen_folder_without_the_data_set_is_passed_over(course, tmp_path, monkeypatch, name):
    write(tmp_path / "chosen" / name, names=list(TINY)[:3])
    write(course / "data" / "mnist")
    monkeypatch.setenv("CNNCOURSE_DATA", str(tmp_path / "chosen"))
    monkeypatch.setattr(set_files, "fetch", no_download)
    assert_tiny(datasets.load("mnist"))


@pytest.mark.parametrize("start", ["course/notebooks", "course"])
def test_a_relative_folder_counts_from_here_then_from_above(tmp_path, monkeypatch, start):
    write(tmp_path / start / "files" / "mnist")
    monkeypatch.setenv("CNNCOURSE_DATA", "files")
    monkeypatch.setattr(set_files, "fetch", no_download)
    assert_tiny(datasets.load("mnist"))


def test_of_two_relative_folders_the_one_here_is_taken(course, monkeypatch):
    write(course / "notebooks" / "files" / "mnist")
    write(course / "files" / "mnist", compress=lambda content: b"never read")
    monkeypatch.setenv("CNNCOURSE_DATA", "files")
    assert_tiny(datasets.load("mnist"))


def test_a_chosen_folder_in_the_home_folder(tmp_path, monkeypatch):
    write(tmp_path / "home" / "files" / "mnist")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("CNNCOURSE_DATA", "~/files")
    monkeypatch.setattr(set_files, "fetch", no_download)
    assert_tiny(datasets.load("mnist"))


@pytest.mark.parametrize("fallback", [None, "digits"])
def test_a_chosen_folder_that_does_not_exist(course, monkeypatch, fallback):
    write(course / "data" / "mnist")
    monkeypatch.setenv("CNNCOURSE_DATA", "no-such-folder")
    with pytest.raises(FileNotFoundError) as error:
        datasets.load("mnist", fallback=fallback)
    assert "CNNCOURSE_DATA is 'no-such-folder'" in str(error.value)
    assert f"{course / 'notebooks' / 'no-such-folder'}, nor in a folder above" in str(error.value)


def test_an_installed_package_downloads_into_the_users_folder(course, tmp_path, monkeypatch):
    """... and finds what comes with the course in its own."""
    write(tmp_path / "mirror-1")
    monkeypatch.setattr(locations, "is_installed", lambda: True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert_tiny(datasets.load("mnist"))
    own = tmp_path / "home" / ".cache" / "cnncourse" / "data"
    assert len(list((own / "mnist").iterdir())) == len(TINY)
    assert not (course / "data").exists()
    monkeypatch.setattr(set_files, "fetch", no_download)
    assert_tiny(datasets.load("mnist"))
    (own / "mnist").rename(tmp_path / "mnist")
    write(course / "data" / "mnist")
    assert_tiny(datasets.load("mnist"))


def test_an_installed_package_downloads_without_a_home(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "is_installed", lambda: True)
    monkeypatch.setattr(locations, "user_folder", lambda: None)
    monkeypatch.setattr(locations.tempfile, "gettempdir", lambda: str(tmp_path))
    assert locations.download_folder() == tmp_path / "cnncourse" / "data"


# Downloads


def test_downloads_once_from_the_mirror_that_helps(course, tmp_path, monkeypatch):
    write(tmp_path / "mirror-1", compress=lambda content: b"<html>")
    write(tmp_path / "mirror-2")
    assert_tiny(datasets.load("mnist"))
    names = sorted(path.name for path in (course / "data" / "mnist").iterdir())
    assert names == sorted(f"{name}.gz" for name in TINY)
    monkeypatch.setattr(set_files, "fetch", no_download)
    assert_tiny(datasets.load("mnist"))


def test_downloads_only_what_is_missing(course, tmp_path):
    names = list(TINY)
    write(course / "data" / "mnist", names[:3], compress=bytes, suffix="")
    write(tmp_path / "mirror-1", names[3:])
    assert_tiny(datasets.load("mnist"))
    assert (course / "data" / "mnist" / f"{names[3]}.gz").is_file()


def test_offline_says_what_to_do(course):
    with pytest.raises(ConnectionError) as error:
        datasets.load("fashion-mnist")
    message = str(error.value)
    assert message.startswith("Fashion-MNIST could not be downloaded. No mirror gave train-images")
    for part in (
        "mirror-1/train-images-idx3-ubyte.gz: ",
        "mirror-2/train-images-idx3-ubyte.gz: ",
        'load("fashion-mnist", fallback="quick")',
        "CNNCOURSE_DATA=bundled",
        "python -m cnncourse data fashion-mnist --from FOLDER",
        "set CNNCOURSE_DATA to a folder",
    ):
        assert part in message


def test_offline_with_a_fallback(capsys):
    data = datasets.load("mnist", fallback="digits")
    assert data is datasets.load("digits")
    output = capsys.readouterr()
    first, *reasons, last = output.out.splitlines()
    assert first == "MNIST could not be downloaded. No mirror gave train-images-idx3-ubyte.gz."
    assert len(reasons) == 2
    for number, reason in enumerate(reasons, 1):
        assert f"mirror-{number}/train-images-idx3-ubyte.gz: " in reason
        assert "No such file" in reason
    assert last == "Instead: scikit-learn's digits are used for MNIST."
    assert output.err == ""


def test_an_unwritable_data_folder(course, capsys):
    (course / "data").write_text("a file where the folder should be")
    with pytest.raises(OSError) as error:
        datasets.load("mnist")
    assert f"{course / 'data' / 'mnist'} cannot be written" in str(error.value)
    assert "What you can do" in str(error.value)
    assert datasets.load("mnist", fallback="digits").name == "digits"
    assert "cannot be written" in capsys.readouterr().out


# Refusals


@pytest.mark.parametrize("fallback", [None, "digits"])
def test_a_damaged_file_is_named_whatever_the_fallback(course, fallback):
    write(course / "data" / "mnist")
    path = course / "data" / "mnist" / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(encode(np.array([2, 7], np.uint8))))
    with pytest.raises(ValueError) as error:
        datasets.load("mnist", fallback=fallback)
    assert str(error.value).startswith(f"{path}: expected content with the SHA-256")
    assert "Delete it" in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("MNIST",), "name='MNIST': expected one of 'mnist', 'fashion-mnist', 'digits'"),
        ((["mnist"],), r"name=\['mnist'\]: expected one of"),
        (
            ("mnist", "fashion-mnist"),
            "fallback='fashion-mnist': expected one of None, 'quick', 'digi",
        ),
        (("emnist",), "name='emnist': expected .* read other data sets .* by read_idx"),
        (("mnist", None, "yes"), "quick='yes': expected one of True, False"),
        (("digits", True), "fallback=True: expected one of"),
    ],
)
def test_unknown_names(arguments, message):
    with pytest.raises(ValueError, match=message):
        datasets.load(*arguments)


# The bundled digits


def write_quick(folder):
    """Two training images and one test image of the tiny Fashion-MNIST, as data/ has some."""
    files = []
    folder.mkdir(parents=True)
    for name, array in TINY.items():
        content = encode(array[: 2 if name.startswith("train") else 1])
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        files.append(sources.File(name, len(content), hashlib.sha256(content).hexdigest()))
    return tuple(files)


@pytest.fixture
def part(course, monkeypatch):
    """A part of Fashion-MNIST lies in the course's data/."""
    files = write_quick(course / "data" / "fashion-mnist-quick")
    monkeypatch.setitem(sources.QUICK_FILES, "fashion-mnist", files)


NOTICE = "the first 10,000 training and 2,000 test images of Fashion-MNIST, which come with"


@pytest.mark.usefixtures("part")
@pytest.mark.parametrize("fallback", [None, "quick", "digits"])
def test_bundled_gives_what_comes_with_the_course(course, monkeypatch, capsys, fallback):
    write(course / "data" / "mnist")
    monkeypatch.setenv("CNNCOURSE_DATA", "bundled")
    monkeypatch.setattr(set_files, "fetch", no_download)
    assert_tiny(datasets.load("mnist", fallback))
    assert capsys.readouterr().out == ""
    data = datasets.load("fashion-mnist", fallback)
    assert (data.name, len(data.train), len(data.test)) == ("fashion-mnist-quick", 2, 1)
    assert capsys.readouterr().out.startswith(f"CNNCOURSE_DATA=bundled: {NOTICE}")


def test_bundled_without_data_gives_the_digits_and_says_so(monkeypatch, capsys):
    monkeypatch.setenv("CNNCOURSE_DATA", "bundled")
    assert datasets.load("mnist") is datasets.load("digits")
    notice = "CNNCOURSE_DATA=bundled: scikit-learn's digits are used for MNIST.\n"
    assert capsys.readouterr().out == notice


@pytest.mark.usefixtures("part")
def test_offline_with_the_part_as_fallback(capsys):
    assert datasets.load("fashion-mnist", fallback="quick").name == "fashion-mnist-quick"
    assert f"Instead: {NOTICE}" in capsys.readouterr().out


@pytest.mark.usefixtures("part")
@pytest.mark.parametrize("by", ["variable", "argument"])
def test_quick_takes_the_first_images_and_says_so(course, monkeypatch, capsys, by):
    monkeypatch.setattr(loading, "QUICK_TRAIN", 2)
    monkeypatch.setattr(loading, "QUICK_TEST", 1)
    monkeypatch.setattr(set_files, "fetch", no_download)
    write(course / "data" / "mnist")
    argument = {"quick": True}
    if by == "variable":
        monkeypatch.setenv("CNNCOURSE_QUICK", "1")
        argument = {}
    data = datasets.load("mnist", **argument)
    assert (data.name, len(data.train), len(data.test)) == ("mnist-quick", 2, 1)
    np.testing.assert_array_equal(data.train.labels, TINY["train-labels-idx1-ubyte"][:2])
    assert capsys.readouterr().out.startswith("Quick: the first ")
    assert datasets.load("fashion-mnist", **argument).name == "fashion-mnist-quick"  # no download
    write(course / "data" / "fashion-mnist")
    assert datasets.load("fashion-mnist", **argument).name == "fashion-mnist-quick"
    assert_tiny(datasets.load("mnist", quick=False))


def test_another_value_of_the_variable_is_refused(monkeypatch):
    monkeypatch.setenv("CNNCOURSE_QUICK", "yes")
    with pytest.raises(ValueError, match="CNNCOURSE_QUICK must be 0 or 1, got 'yes'"):
        datasets.load("digits")


@pytest.mark.parametrize("variable", [None, "", "bundled", "no-such-folder"])
def test_the_digits_need_no_folder_and_no_notice(monkeypatch, capsys, variable):
    if variable is not None:
        monkeypatch.setenv("CNNCOURSE_DATA", variable)
    assert datasets.load("digits").name == "digits"
    assert capsys.readouterr().out == ""


# The real files


def real(name, monkeypatch):
    """The real data set ``name``, where this machine has it."""
    monkeypatch.undo()
    source = REAL[name]
    if not locations.locate(name, [file.name for file in source.files]):
        pytest.skip(f"needs the four files of {source.title} in $CNNCOURSE_DATA or in data/")
    monkeypatch.setattr(set_files, "fetch", no_download)
    return datasets.load(name, quick=False)


@pytest.mark.parametrize(
    ("name", "counts", "mean"),
    [
        ("mnist", [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], 0.1307),
        ("fashion-mnist", [6000] * 10, 0.2860),
    ],
)
def test_the_real_files(name, counts, mean, monkeypatch):
    data = real(name, monkeypatch)
    expected = f"Dataset '{name}': 60,000 training and 10,000 test images of 28×28×1, 10 classes"
    assert repr(data) == expected
    assert np.bincount(data.train.labels).tolist() == counts
    assert np.bincount(data.test.labels).sum() == 10_000
    assert data.train.images.mean(dtype=np.float64) == pytest.approx(mean, abs=5e-5)
    assert (data.train.images.min(), data.train.images.max()) == (0, 1)


@pytest.mark.parametrize(
    "place",
    [
        lambda name: f"mnist/{name.replace('-idx', '.idx')}",
        lambda name: f"mnist/{name}/{name}",
        lambda name: f"MNIST/raw/{name}",
        lambda name: name,
        lambda name: f"{name.replace('-idx', '.idx')}.gz",
    ],
    ids=["7-Zip", "Kaggle", "torchvision", "no sub-folder", "no sub-folder, a dot and .gz"],
)
def test_files_where_other_programs_put_them(place, tmp_path, monkeypatch):
    """... are found; in no sub-folder, only if they are this data set's: others share the names."""
    files, contents = [], {}
    for name, axes in [("images-idx3-ubyte", 3), ("labels-idx1-ubyte", 1)]:
        content = bytes([0, 0, 8, axes]) + b"".join(n.to_bytes(4, "big") for n in (2, 3, 3)[:axes])
        contents[name] = content + bytes(18 if axes == 3 else 2)
        digest = hashlib.sha256(contents[name]).hexdigest()
        files.append(sources.File(name, len(contents[name]), digest))
        path = tmp_path / place(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[name])
    monkeypatch.setenv("CNNCOURSE_DATA", str(tmp_path))
    source = dataclasses.replace(sources.SOURCES["mnist"], files=tuple(files))
    monkeypatch.setitem(sources.SOURCES, "mnist", source)
    assert set_files.here("mnist") == [tmp_path / place(file.name) for file in files]
    if "/" not in place("x"):
        files[-1] = dataclasses.replace(files[-1], sha256="0")
        other = dataclasses.replace(source, files=tuple(files))
        monkeypatch.setitem(sources.SOURCES, "mnist", other)
        monkeypatch.setattr(locations, "data_folder", lambda: tmp_path / "nothing")
        assert set_files.here("mnist") is None


# What comes with the course


def test_mnist_comes_whole(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("CNNCOURSE_DATA", "bundled")
    monkeypatch.setattr(socket, "create_connection", no_network)
    mnist = datasets.load("mnist", quick=False)
    assert (mnist.name, len(mnist.train), len(mnist.test)) == ("mnist", 60_000, 10_000)


def test_fashion_mnists_part_is_its_first_images(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("CNNCOURSE_DATA", "bundled")
    part = datasets.load("fashion-mnist", quick=True)
    assert (len(part.train), len(part.test)) == (10_000, 2_000)
    assert np.bincount(part.train.labels).min() > 900
    monkeypatch.delenv("CNNCOURSE_DATA")
    whole = real("fashion-mnist", monkeypatch)
    assert np.array_equal(part.train.images, whole.train.images[:10_000])
    assert np.array_equal(part.test.labels, whole.test.labels[:2_000])


# Held out


@pytest.mark.parametrize("name", ["mnist", "digits"])
def test_a_split_is_stratified_disjoint_and_seeded(name, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("CNNCOURSE_DATA", "bundled")
    whole = datasets.load(name, quick=True)
    data = whole.split(3000, seed=5)
    assert abs(len(data.validation) - 3000) <= (0 if name == "mnist" else 15)
    assert len(data.train) + len(data.validation) == len(whole.train)
    assert data.test is whole.test
    share = len(data.validation) / len(whole.train)
    counts = [np.bincount(part.labels) for part in (whole.train, data.validation)]
    assert abs(counts[1] - share * counts[0]).max() <= (1 if name == "mnist" else 15)
    assert f"{len(data.validation):,} validation (seed 5)" in repr(data)
    again, other = whole.split(3000, seed=5), whole.split(3000, seed=6)
    assert np.array_equal(again.validation.images, data.validation.images)
    assert not np.array_equal(other.validation.images, data.validation.images)
    with pytest.raises(ValueError, match="read-only"):
        data.train.images += 1
    # no image is in both: each is known by its bytes
    seen = [{image.tobytes() for image in part.images} for part in (data.train, data.validation)]
    assert not seen[0] & seen[1]
    if name == "digits":
        assert len(np.unique(data.originals)) + len(np.unique(other.originals)) < 2 * 1347


def test_variations_of_one_digit_stay_together():
    whole = datasets.load("digits")
    data = whole.split(4000, seed=0)
    kept = np.isin(whole.originals, data.originals)
    assert kept.sum() == len(data.train)
    assert np.array_equal(whole.train.images[kept], data.train.images)


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (0, "count must be at least 1"),
        (1.5, "count must be a whole number"),
        (1, "it must leave some of each class on both sides"),
        (20_000, "it must leave some of each class on both sides"),
    ],
)
def test_a_split_that_cannot_be(count, message):
    with pytest.raises((ValueError, TypeError), match=message):
        datasets.load("digits").split(count)


def test_a_split_is_not_split_again():
    data = datasets.load("digits").split(4000)
    with pytest.raises(ValueError, match="was split already"):
        data.split(100)
