"""``load``: from the name of a data set to its arrays, wherever they are."""

import os

from . import digits, idx, locations, set_files
from .dataset import Dataset, Split
from .sources import QUICK_FILES, QUICK_TEST, QUICK_TRAIN, SOURCES

NAMES = (*SOURCES, "digits")
FALLBACKS = (None, "quick", "digits")
QUICK = "CNNCOURSE_QUICK"
QUICK_WORDS = f"the first {QUICK_TRAIN:,} training and {QUICK_TEST:,} test images"


def load(name, fallback=None, quick=None):
    """Load a data set; ``datasets`` says where it is looked for.

    Parameters
    ----------
    name : "mnist", "fashion-mnist" or "digits"
    fallback : None, "quick" or "digits"
        What to give, after a printed notice, where a download fails: the first 12,000 images of
        Fashion-MNIST, which come with the course, or scikit-learn's digits.
    quick : bool
        Whether only the first 10,000 training and 2,000 test images are wanted, for a lecture or a
        test; a printed line says so. Left out, the environment variable ``CNNCOURSE_QUICK``
        decides: ``1`` for yes. The digits are small anyway, and stay as they are.

    Returns a ``Dataset``. Its ``train`` and ``test`` hold ``images`` (N, 28, 28, 1), float32 in
    [0, 1], and ``labels`` (N,), int64; N is 60,000 and 10,000, or 20,000 and 450 for the digits.
    Its ``name`` says what was really loaded: ``"mnist-quick"`` if it was not all.

    Raises ``ValueError`` for an unknown name and for a file with wrong content,
    ``FileNotFoundError`` where ``CNNCOURSE_DATA`` names no folder, and, where a download fails
    and there is no fallback, ``ConnectionError`` (no mirror helped) or ``OSError`` (the folder
    for the files cannot be written).

    >>> load("digits")
    Dataset 'digits': 20,000 training and 450 test images of 28×28×1, 10 classes
    """
    _check_choice("name", name, NAMES)
    _check_choice("fallback", fallback, FALLBACKS)
    quick = _quick() if quick is None else quick
    _check_choice("quick", quick, (True, False))
    if name == "digits":
        return digits.load()
    source = SOURCES[name]
    paths = set_files.here(name)
    if paths is None and (quick or locations.only_bundled()):
        part = _bundled_part(name, source)
        if part is not None or locations.only_bundled():
            return _instead(part, source, QUICK if quick else "CNNCOURSE_DATA=bundled")
    if paths is None:
        try:
            paths = set_files.downloaded(name)
        except OSError as error:
            if fallback is None:
                raise type(error)(f"{error}\n{_advice(name)}") from None
            print(error)
            part = _bundled_part(name, source) if fallback == "quick" else None
            return _instead(part, source, "Instead")
    if quick:
        print(f"Quick: {QUICK_WORDS} of {source.title}.")
        return _read(f"{name}-quick", source, source.files, paths, QUICK_TRAIN, QUICK_TEST)
    return _read(name, source, source.files, paths)


def _quick():
    """What the environment variable says."""
    value = os.environ.get(QUICK, "")
    if value not in ("", "0", "1"):
        raise ValueError(f"The environment variable {QUICK} must be 0 or 1, got {value!r}.")
    return value == "1"


def _bundled_part(name, source):
    """The part of a data set that lies in ``data/``; ``None`` where there is none."""
    paths = set_files.part_here(name)
    return paths and _read(f"{name}-quick", source, QUICK_FILES[name], paths)


def _instead(part, source, why):
    """The part that lies in ``data/``, or the digits, and a line that says so."""
    if part is None:
        print(f"{why}: scikit-learn's digits are used for {source.title}.")
        return digits.load()
    print(f"{why}: {QUICK_WORDS} of {source.title}, which come with the course.")
    return part


def _check_choice(argument, value, choices):
    if not (value is None or isinstance(value, (str, bool))) or value not in choices:
        more = "; read other data sets in MNIST's format by read_idx" if choices is NAMES else ""
        raise ValueError(
            f"{argument}={value!r}: expected one of {', '.join(map(repr, choices))}{more}."
        )


def _read(name, source, files, paths, train=None, test=None):
    """The data set in four files; ``train``, ``test``: how many images, all if left out."""
    train_images, train_labels, test_images, test_labels = (
        idx.read(path, file.size, file.sha256) for path, file in zip(paths, files, strict=True)
    )
    return Dataset(
        name=name,
        class_names=source.class_names,
        train=Split.from_bytes(train_images[:train], train_labels[:train]),
        test=Split.from_bytes(test_images[:test], test_labels[:test]),
        source=source.credit,
    )


def _advice(name):
    """What a person without a network, or without the right to write, can do."""
    return (
        f"What you can do:\n"
        f'  - work with what comes with the course: load("{name}", fallback="quick"), or '
        f"CNNCOURSE_DATA=bundled for all that follows;\n"
        f"  - if the four files lie elsewhere on this machine: "
        f"python -m cnncourse data {name} --from FOLDER;\n"
        f"  - set CNNCOURSE_DATA to a folder that holds them in its sub-folder {name}/."
    )
