"""Whether decoding keeps up with training, and whether memory stays small with many files.

A small network trains on folders of photographs, read from the files in the background, and on the
same images from memory, in turn: A B A B … The first epoch of each is left out. The folder keeps
what it has decoded, as it does by default, or decodes all files in each epoch, as it must where
they are too many. Then a fresh process goes once through a small folder and through one of 10,000
files, and says how much memory it took at most.

    python benchmarks/folders.py
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from reports import Report, parser, spread
from sklearn.datasets import load_sample_image

from cnncourse import Sequential, datasets, layers
from cnncourse.support.progress import progress

ROUNDS, QUICK_ROUNDS = 9, 1
PHOTOS = Path(__file__).parent.parent / "data" / "photos"
SIZES = {"150×150": (150, 150), "500×375": (500, 375)}  # width and height of generated files
GENERATED, QUICK_GENERATED = 400, 40  # files of each size
MANY, FEW = 10_000, 1_000
QUICK_MANY, QUICK_FEW = 80, 40

MEMORY = """
import re, sys
from pathlib import Path
from cnncourse import datasets
folder = datasets.image_folder(sys.argv[1], batch_size=20, seed=0)
batches = sum(1 for _ in folder)
assert batches == len(folder)
status = Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) * 1024 / 1e6)
"""


def generate(folder, count, size):
    """Write ``count`` JPEG files of two classes, random cuts from scikit-learn's photographs."""
    random = np.random.default_rng(0)
    for name in ("china", "flower"):
        photograph = Image.fromarray(load_sample_image(f"{name}.jpg"))
        (folder / name).mkdir(parents=True)
        for k in range(count // 2):
            side = int(random.integers(100, 300))
            x, y = (int(random.integers(0, limit - side)) for limit in photograph.size)
            image = photograph.resize(size, box=(x, y, x + side, y + side))
            image.save(folder / name / f"{k:05}.jpg", quality=90)


def network():
    """A small network for the document's images of 150×150."""
    model = Sequential(seed=0, input_shape=(150, 150, 3))
    for filters in (16, 32, 64, 64):
        model.add(layers.Conv2D(filters, 3, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy")
    return model


class Contest:
    """Epochs on one folder, timed from the files and from memory: microseconds an image."""

    def __init__(self, path):
        self.folders = {
            "files, kept": datasets.image_folder(path, seed=0),
            "files": datasets.image_folder(path, seed=0, cache_megabytes=0),
        }
        batches = list(self.folders["files"].ordered())
        self.arrays = [np.concatenate(parts) for parts in zip(*batches, strict=True)]
        self.models = {where: network() for where in ("memory", *self.folders)}
        self.times = {where: [] for where in ("decoding alone", *self.models)}
        for where in self.models:
            self.epoch(where)  # compiles, and warms up

    def epoch(self, where):
        if where == "memory":
            self.models[where].fit(*self.arrays, batch_size=20, verbose=False)
        elif where in self.folders:
            self.models[where].fit(self.folders[where], verbose=False)
        else:
            for _ in self.folders["files"]:
                pass

    def round(self):
        for where, times in self.times.items():
            start = time.perf_counter()
            self.epoch(where)
            times.append((time.perf_counter() - start) / len(self.arrays[0]) * 1e6)

    def row(self, name):
        times = {where: np.array(found) for where, found in self.times.items()}
        ratios = (spread(100 * times[files] / times["memory"], "{:.0f}%") for files in self.folders)
        return [name, *map(spread, times.values()), *ratios]


def compare(options, top, report):
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    count = QUICK_GENERATED if options.quick else GENERATED
    folders = {"data/photos": PHOTOS / ("validation" if options.quick else "train")}
    for name, size in SIZES.items():
        folders[f"files of {name}"] = top / name
        generate(top / name, count, size)
    contests = {name: Contest(path) for name, path in folders.items()}
    for _ in progress(range(rounds), desc="measuring"):
        for contest in contests.values():
            contest.round()
    header = ["folder", "decoding alone", "from memory", "files, kept", "files, decoded each time"]
    header += ["kept / memory", "decoded / memory"]
    rows = [contest.row(name) for name, contest in contests.items()]
    report.table("Training on 150×150×3: µs an image, median (min–max)", header, rows)
    return rounds


def memory(options, top, report):
    """The largest memory of a process that reads a folder, for few files and for many."""
    rows = []
    for count in (QUICK_FEW, QUICK_MANY) if options.quick else (FEW, MANY):
        generate(top / str(count), count, (150, 150))
        command = [sys.executable, "-c", MEMORY, str(top / str(count))]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        rows.append([f"{count:,} files", f"{float(done.stdout.split()[-1]):.1f}"])
    rows.append(["the difference", f"{float(rows[1][1]) - float(rows[0][1]):.1f}"])
    size = int(rows[1][0].split()[0].replace(",", "")) * 150 * 150 * 3 * 4 / 1e6
    rows.append(["all images of the larger folder at once", f"{size:,.1f}"])
    report.table("One epoch: largest memory of the process", ["", "MB"], rows)


def main():
    options = parser(__doc__, ROUNDS).parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as top:
        rounds = compare(options, Path(top), report)
        if Path("/proc/self/status").exists():  # only Linux tells it reliably of a child process
            memory(options, Path(top), report)
    report.conditions(rounds, packages=("cnncourse", "numba", "numpy", "Pillow"))
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
