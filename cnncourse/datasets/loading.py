"""``load``: from the name of a data set to its arrays, wherever they are."""

from functools import partial

from . import digits, idx, locations
from .dataset import Dataset, Split
from .download import fetch
from .sources import SOURCES

NAMES = (*SOURCES, "digits")
FALLBACKS = (None, "digits")


def load(name, fallback=None):
    """Load a data set; ``datasets`` says where it is looked for.

    Arguments: ``name``: ``"mnist"``, ``"fashion-mnist"`` or ``"digits"``; ``fallback``: ``None``,
    or ``"digits"``: what to give, after a printed notice, where a download fails.

    Returns a ``Dataset``. Its ``train`` and ``test`` hold ``images`` (N, 28, 28, 1), float32 in
    [0, 1], and ``labels`` (N,), int64; N is 60,000 and 10,000, or 20,000 and 450 for the digits.
    Its ``name`` says what was really loaded.

    Raises ``ValueError`` for an unknown name and for a file with wrong content,
    ``FileNotFoundError`` where ``CNNCOURSE_DATA`` names no folder, and, where a download fails
    and there is no fallback, ``ConnectionError`` (no mirror helped) or ``OSError`` (the folder
    for the files cannot be written).

    >>> load("digits")
    Dataset 'digits': 20,000 training and 450 test images of 28×28×1, 10 classes
    """
    _check_choice("name", name, NAMES)
    _check_choice("fallback", fallback, FALLBACKS)
    if name == "digits":
        return digits.load()
    source = SOURCES[name]
    if locations.only_bundled():
        print(f"CNNCOURSE_DATA=bundled: scikit-learn's digits are used instead of {source.title}.")
        return digits.load()
    paths = files_of(name, source)
    if paths is None:
        try:
            paths = _download(name, source)
        except OSError as error:
            failure = f"{source.title} could not be downloaded. {error}"
            if fallback is None:
                raise type(error)(f"{failure}\n{_advice(name, source)}") from None
            print(f"{failure}\nscikit-learn's digits are used instead.")
            return digits.load()
    return _read(name, source, paths)


def _check_choice(argument, value, choices):
    if value not in choices:
        raise ValueError(f"{argument}={value!r}: expected one of {', '.join(map(repr, choices))}.")


def files_of(name, source):
    """The paths of a data set's four files, if they are on this machine; else ``None``."""

    def belong(paths):
        try:
            idx.read(paths[-1], source.files[-1].size, source.files[-1].sha256)  # the smallest
        except ValueError:
            return False
        return True

    return locations.locate(name, [file.name for file in source.files], belong)


def _download(name, source):
    """Download the files that ``data/`` lacks; the paths of all four."""
    folder = locations.data_folder() / name
    for file in source.files:
        if locations.find(folder, file.name) is None:
            fetch(
                urls=[f"{mirror}{file.name}.gz" for mirror in source.mirrors],
                destination=folder / f"{file.name}.gz",
                check=partial(idx.read, size=file.size, sha256=file.sha256),
            )
    return files_of(name, source)


def _read(name, source, paths):
    train_images, train_labels, test_images, test_labels = (
        idx.read(path, file.size, file.sha256)
        for path, file in zip(paths, source.files, strict=True)
    )
    return Dataset(
        name=name,
        class_names=source.class_names,
        train=Split.from_bytes(train_images, train_labels),
        test=Split.from_bytes(test_images, test_labels),
        source=source.credit,
    )


def _advice(name, source):
    """What a person without a network, or without the right to write, can do."""
    names = ", ".join(file.name for file in source.files)
    return (
        f"What you can do:\n"
        f'  - work with scikit-learn\'s digits, which need no files: load("{name}", '
        f'fallback="digits"), or CNNCOURSE_DATA=bundled for all that follows;\n'
        f"  - put the four files into {locations.data_folder() / name}, gzipped or not: {names};\n"
        f"  - set CNNCOURSE_DATA to a folder that holds them in its sub-folder {name}/."
    )
