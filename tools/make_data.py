"""Write the data sets that come with the course into data/, from the checked originals.

    python tools/make_data.py FOLDER

FOLDER holds ``mnist/`` and ``fashion-mnist/`` with the four original files each, gzipped; each is
checked as `datasets.load` does. MNIST is copied whole, byte for byte. Of Fashion-MNIST, the first
10,000 training and 2,000 test images are written to ``data/fashion-mnist-quick``: the part that
``CNNCOURSE_QUICK=1`` takes of the whole, too.
"""

import argparse
import gzip
import hashlib
import shutil
from pathlib import Path

from cnncourse.datasets import idx, locations
from cnncourse.datasets.sources import QUICK_TEST, QUICK_TRAIN, SOURCES

DATA = Path(__file__).parent.parent / "data"


def checked(folder, file):
    """The path of an original, and its array."""
    path = locations.find(folder, file.name)
    if path is None:
        raise SystemExit(f"{folder} has no {file.name}.gz")
    return path, idx.read(path, file.size, file.sha256)


def encode(array):
    """The array as an IDX file: the header that ``datasets/idx.py`` describes, and the bytes."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return idx.IDX_MAGIC + bytes([array.ndim]) + lengths + array.tobytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the originals are")
    originals = parser.parse_args().folder
    for file in SOURCES["mnist"].files:
        path, _ = checked(originals / "mnist", file)
        (DATA / "mnist").mkdir(exist_ok=True)
        shutil.copyfile(path, DATA / "mnist" / f"{file.name}.gz")
    target = DATA / "fashion-mnist-quick"
    target.mkdir(exist_ok=True)
    for file in SOURCES["fashion-mnist"].files:
        _, array = checked(originals / "fashion-mnist", file)
        content = encode(array[: QUICK_TRAIN if file.name.startswith("train") else QUICK_TEST])
        # without a time in its header, the same content gives the same file
        (target / f"{file.name}.gz").write_bytes(gzip.compress(content, mtime=0))
        print(file.name, f"{len(content):,}", hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
