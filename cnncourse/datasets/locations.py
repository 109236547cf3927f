"""Where files of data sets are on this machine, and where downloads go.

In a clone of the course both is ``data/``. An installed package holds what comes with the course,
and is often shared, or written by nobody: what is downloaded goes to the user's own folder then.
"""

import os
import tempfile
from pathlib import Path

from ..support.course import course_folder, is_installed
from ..support.files import user_folder

VARIABLE = "CNNCOURSE_DATA"
BUNDLED = "bundled"
TORCHVISION = {"mnist": "MNIST/raw", "fashion-mnist": "FashionMNIST/raw"}  # where it puts them


def only_bundled():
    """Whether ``CNNCOURSE_DATA=bundled`` asks for the data that come with the course."""
    return os.environ.get(VARIABLE) == BUNDLED


def locate(folder_name, file_names, belong=None):
    """The paths of the files, from the first folder that has them all; ``None`` if none has.

    Arguments: ``folder_name``: the data set's sub-folder, looked for by our name and torchvision's;
    ``file_names``: names without ``.gz`` or ``.xz``; ``belong``: called with the paths, says
    whether they are this data set's. Then files that lie in no sub-folder will do, too: all data
    sets in MNIST's format have the same four names.

    Raises ``FileNotFoundError`` where ``CNNCOURSE_DATA`` names a folder that does not exist.

    Example::

        locate("mnist", ["t10k-labels-idx1-ubyte"])  # [Path("…/mnist/t10k-labels-idx1-ubyte.xz")]
    """
    folders = (_chosen_folder(), data_folder(), download_folder())
    for folder in dict.fromkeys(folder for folder in folders if folder is not None):
        for sub_folder in (folder_name, TORCHVISION.get(folder_name, folder_name)):
            paths = [find(folder / sub_folder, name) for name in file_names]
            if all(paths):
                return paths
        paths = [find(folder, name) for name in file_names]
        if belong is not None and all(paths) and belong(paths):
            return paths
    return None


def find(folder, file_name):
    """The path of the file in ``folder``, plain, with ``.gz`` or ``.xz``; ``None`` without any.

    7-Zip and other unpackers write ``t10k-labels.idx1-ubyte`` for ``t10k-labels-idx1-ubyte``, and
    Kaggle's archive puts each file into a folder of its own name.
    """
    dotted = file_name.replace("-idx", ".idx")
    names = (f"{name}{ending}" for name in (file_name, dotted) for ending in ("", ".gz", ".xz"))
    candidates = [folder / name for name in names]
    candidates += [folder / name / name for name in (file_name, dotted)]
    return next((path for path in candidates if path.is_file()), None)


def data_folder():
    """The folder with the data that come with the course."""
    return course_folder() / "data"


def download_folder():
    """The folder for what is downloaded: ``data/`` of a clone, else one in the user's home."""
    if not is_installed():
        return data_folder()
    own = user_folder()
    # files are taken for their content, so that a folder which others write will do
    return (Path(tempfile.gettempdir()) / "cnncourse" if own is None else own) / "data"


def _chosen_folder():
    """The folder that ``CNNCOURSE_DATA`` names; ``None`` where it is not set.

    A relative one counts from the current folder, or else from the nearest above that has it: the
    variable may have been set there, while a notebook runs in ``notebooks/``.
    """
    value = os.environ.get(VARIABLE)
    if not value or value == BUNDLED:
        return None
    here = Path.cwd()
    for base in (here, *here.parents):
        folder = base / Path(value).expanduser()
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"The environment variable {VARIABLE} is {value!r}: expected {BUNDLED!r} or a folder that "
        f"exists, came one that does not ({here / Path(value).expanduser()}, nor in a folder "
        f"above). Correct the variable, or remove it."
    )
