"""Write the data sets that come with the course into data/, from the checked originals.

    python tools/make_data.py FOLDER

FOLDER holds ``mnist/`` and ``fashion-mnist/`` with the four original files each, gzipped or not;
each is checked as `datasets.load` does. MNIST's are written whole. Of Fashion-MNIST, the first
10,000 training and 2,000 test images are written to ``data/fashion-mnist-quick``: the part that
``CNNCOURSE_QUICK=1`` takes of the whole, too. xz makes them a sixth smaller than the mirrors' gzip
does: the wheel that holds them is to stay below 25 MB.
"""

import argparse
import hashlib
import lzma
from pathlib import Path

from cnncourse.datasets import idx, locations
from cnncourse.datasets.sources import QUICK_TEST, QUICK_TRAIN, SOURCES

DATA = Path(__file__).parent.parent / "data"


def checked(folder, file):
    """The array of an original."""
    path = locations.find(folder, file.name)
    if path is None:
        raise SystemExit(f"{folder} has no {file.name}")
    return idx.read(path, file.size, file.sha256)


def encode(array):
    """The array as an IDX file: the header that ``datasets/idx.py`` describes, and the bytes."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return idx.IDX_MAGIC + bytes([array.ndim]) + lengths + array.tobytes()


def write(folder, name, content):
    """Compress a file's content into ``folder`` of the data."""
    (DATA / folder).mkdir(exist_ok=True)
    compressed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
    (DATA / folder / f"{name}.xz").write_bytes(compressed)
    print(folder, name, f"{len(content):,}", hashlib.sha256(content).hexdigest())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the originals are")
    originals = parser.parse_args().folder
    for file in SOURCES["mnist"].files:
        write("mnist", file.name, encode(checked(originals / "mnist", file)))
    for file in SOURCES["fashion-mnist"].files:
        array = checked(originals / "fashion-mnist", file)
        first = QUICK_TRAIN if file.name.startswith("train") else QUICK_TEST
        write("fashion-mnist-quick", file.name, encode(array[:first]))


if __name__ == "__main__":
    main()
