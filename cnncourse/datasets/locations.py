"""Where files of data sets are on this machine, and where downloads go."""

import os
from pathlib import Path

VARIABLE = "CNNCOURSE_DATA"
BUNDLED = "bundled"
TORCHVISION = {"mnist": "MNIST/raw", "fashion-mnist": "FashionMNIST/raw"}  # where it puts them


def only_bundled():
    """Whether ``CNNCOURSE_DATA=bundled`` asks for the data that come with the course."""
    return os.environ.get(VARIABLE) == BUNDLED


def locate(folder_name, file_names, belong=None):
    """The paths of the files, from the first folder that has them all; ``None`` if none has.

    Arguments: ``folder_name``: the data set's sub-folder, looked for by our name and torchvision's;
    ``file_names``: names without ``.gz``; ``belong``: called with the paths, says whether they are
    this data set's. Then files that lie in no sub-folder will do, too: all data sets in MNIST's
    format have the same four names.

    Raises ``FileNotFoundError`` where ``CNNCOURSE_DATA`` names a folder that does not exist.

    Example::

        locate("mnist", ["t10k-labels-idx1-ubyte"])  # [Path("…/mnist/t10k-labels-idx1-ubyte.gz")]
    """
    for folder in (_chosen_folder(), data_folder()):
        if folder is None:
            continue
        for sub_folder in (folder_name, TORCHVISION.get(folder_name, folder_name)):
            paths = [find(folder / sub_folder, name) for name in file_names]
            if all(paths):
                return paths
        paths = [find(folder, name) for name in file_names]
        if belong is not None and all(paths) and belong(paths):
            return paths
    return None


def find(folder, file_name):
    """The path of the file in ``folder``, plain or with ``.gz``; ``None`` if it has neither.

    7-Zip and other unpackers write ``t10k-labels.idx1-ubyte`` for ``t10k-labels-idx1-ubyte``, and
    Kaggle's archive puts each file into a folder of its own name.
    """
    dotted = file_name.replace("-idx", ".idx")
    names = (file_name, f"{file_name}.gz", dotted, f"{dotted}.gz")
    candidates = [folder / name for name in names]
    candidates += [folder / name / name for name in (file_name, dotted)]
    return next((path for path in candidates if path.is_file()), None)


def data_folder():
    """``data/`` of the course; ``cnncourse-data/`` here, where the package is installed alone."""
    top = course_folder()
    return Path.cwd() / "cnncourse-data" if top is None else top / "data"


def course_folder():
    """The folder that holds the whole course, or ``None`` where there is only the package."""
    parent = Path(__file__).resolve().parents[2]
    return parent if (parent / "pyproject.toml").is_file() else None


def _chosen_folder():
    """The folder that ``CNNCOURSE_DATA`` names; ``None`` where it is not set.

    A relative one counts from the current folder, or else from the course's: the variable may
    have been set there, while a notebook runs in ``notebooks/``.
    """
    value = os.environ.get(VARIABLE)
    if not value or value == BUNDLED:
        return None
    bases = [base for base in (Path.cwd(), course_folder()) if base is not None]
    # a base drops out where the value is absolute; dict.fromkeys leaves each candidate once
    candidates = dict.fromkeys(base / Path(value).expanduser() for base in bases)
    for folder in candidates:
        if folder.is_dir():
            return folder
    looked = ", ".join(str(folder) for folder in candidates)
    raise FileNotFoundError(
        f"The environment variable {VARIABLE} is {value!r}: expected {BUNDLED!r} or a folder that "
        f"exists, came one that does not ({looked}). Correct the variable, or remove it."
    )
