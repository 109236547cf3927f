"""How long a person waits the first time: to import the package, and to train one step.

Numba compiles what is used the first time, and keeps it in a cache. The training step of the
tutorial's network is timed with an empty cache and with a full one; each figure is from a fresh
process, and counts from the first import to the end of the step. Python's own start is left out.
A copy of the package without its cache is what runs: a cache elsewhere begins with the package's.

    python benchmarks/first_run.py
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reports import Report, parser, spread

import cnncourse
from cnncourse.kernels.compiled_code import PREFIX
from cnncourse.support.progress import progress

ROUNDS = 3
PACKAGE = Path(cnncourse.__file__).parent

IMPORT = """
import time
start = time.perf_counter()
import cnncourse
print(time.perf_counter() - start)
"""

STEP = """
import time
start = time.perf_counter()
import numpy as np
from cnncourse import optimizers
from networks import NETWORKS
network = NETWORKS["tutorial"]
model = network.make()
model.compile(optimizers.SGD(network.learning_rate), "softmax_cross_entropy")
x = np.zeros((network.batch, 28, 28, 1), np.float32)
model.train_on_batch(x, np.zeros(network.batch, int))
print(time.perf_counter() - start)
"""

ROWS = {
    "import cnncourse": IMPORT,
    "import to the end of the first step, nothing compiled yet": STEP,
    "import to the end of the first step, compiled before": STEP,
}


def copy_of_the_package(folder):
    """The package in ``folder``, with Python's own compiled files, but without compiled kernels."""
    ignored = shutil.ignore_patterns(f"{PREFIX}*")
    shutil.copytree(PACKAGE, Path(folder, PACKAGE.name), ignore=ignored)


def seconds(code, folder):
    """What ``code`` prints as its last word, in a fresh process with the package in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONPATH": folder, "NUMBA_CACHE_DIR": ""},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return float(done.stdout.split()[-1])


def main():
    options = parser(__doc__, ROUNDS)
    options = options.parse_args()
    report = Report()
    rounds = options.rounds or (1 if options.quick else ROUNDS)
    kinds = ["import cnncourse"] if options.quick else list(ROWS)
    figures = {kind: [] for kind in kinds}
    with progress(total=rounds * len(kinds), desc="measuring") as bar:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                copy_of_the_package(folder)
                for kind in kinds:  # the second step finds what the first one has compiled
                    figures[kind].append(seconds(ROWS[kind], folder))
                    bar.update()

    rows = [[kind, spread(values, "{:.2f}")] for kind, values in figures.items()]
    report.table("The first run: seconds, median (min–max)", ["", "seconds"], rows)
    if options.quick:
        report.say("The first training step, which takes some seconds, is left out.")
    report.conditions(rounds)
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
