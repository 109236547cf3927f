"""How the labs' better recipes were chosen: a search on training images, 5,000 of them held out.

For each document's network, recipes are drawn at random, with the lab's own among them, and each is
trained for a few epochs on 20,000 images from one seed. The best by their loss on the images held
out are trained from two more seeds; the best of these, by the mean, and the lab's once more for
three times as long. No test image is ever looked at.

    python benchmarks/search.py --results benchmarks/search.csv
    python benchmarks/search.py --networks explained

The log has a line for each trial. It is written as they finish, and what it holds already is not
trained again. --markdown benchmarks/search.md writes what was chosen, and why.
"""

import csv
import time
from dataclasses import dataclass, fields
from functools import cache
from itertools import product
from math import ceil
from pathlib import Path
from statistics import mean

import numpy as np
from documents import spread
from labs import HE, LABS
from reports import Report, parser

from cnncourse import datasets, optimizers, schedules
from cnncourse.augmentation import random_flip, random_shift
from cnncourse.networks import DOCUMENTS
from cnncourse.support.progress import progress

IMAGES = 20_000
EPOCHS, LONGER = 3, 9
DRAWN = 7  # recipes a network, beside the lab's
FINALISTS = 2
SEEDS = 3
SPACE = {
    "learning_rate": (0.0005, 0.001, 0.002, 0.005, 0.01),
    "schedule": ("cosine", "constant"),
    "batch": (50, 100, 200),
    "shift": (0, 1, 2, 3),  # pixels
}
FLIPS = {"fashion-mnist": (False, True)}  # a mirrored digit is none
INITIALISED = {"tutorial": ("document", "he"), "postech": ("document", "he")}
# the better recipe of each network's lab; what the search may not choose stays as it is
LAB = {
    name: lab.recipes["longer" if "longer" in lab.recipes else "better"]
    for name, lab in LABS.items()
}


@dataclass(frozen=True)
class Settings:
    """One recipe: Adam, and what goes with it."""

    learning_rate: float
    schedule: str
    batch: int
    shift: int
    flip: bool
    initialisation: str

    def __str__(self):
        words = [f"Adam {self.learning_rate:g}", self.schedule, f"batch {self.batch}"]
        words += [f"shifts ±{self.shift}"] if self.shift else []
        words += ["flips"] if self.flip else []
        words += ["He"] if self.initialisation == "he" else []
        return ", ".join(words)

    def augment(self, images, rng):
        if self.shift:
            images = random_shift(images, self.shift, rng)
        return random_flip(images, rng) if self.flip else images


@dataclass(frozen=True)
class Trial:
    """Settings, how long, and from which seed: a line of the log without its figures."""

    network: str
    settings: Settings
    epochs: int
    seed: int

    def figures(self, quick):
        """Loss and accuracy on the images held out, and seconds, after training on the others."""
        settings = self.settings
        train, held_out = parts(LABS[self.network].data, quick)
        initial = HE if settings.initialisation == "he" else {}
        model = DOCUMENTS[self.network](seed=self.seed, **initial)
        rate = settings.learning_rate
        if settings.schedule == "cosine":
            rate = schedules.CosineDecay(rate, self.epochs * ceil(len(train[0]) / settings.batch))
        model.compile(optimizers.Adam(rate), "softmax_cross_entropy")
        begin = time.perf_counter()
        model.fit(
            *train,
            settings.batch,
            self.epochs,
            augment=settings.augment if settings.shift or settings.flip else None,
            verbose=0,
        )
        seconds = time.perf_counter() - begin
        loss, accuracy = model.evaluate(*held_out)
        return {"loss": f"{loss:.5f}", "accuracy": f"{accuracy:.4f}", "seconds": f"{seconds:.1f}"}

    def line(self):
        """What stands in the log: each setting, as text."""
        settings = {field.name: getattr(self.settings, field.name) for field in fields(Settings)}
        line = {"network": self.network, **settings, "epochs": self.epochs, "seed": self.seed}
        return {name: str(value) for name, value in line.items()}


@cache
def parts(name, quick):
    """Images and labels to train on, and those held out: the chapters' own split."""
    data = datasets.load(name)
    data = data.split(len(data.train) // 12, seed=0)
    chosen = np.random.default_rng(0).permutation(len(data.train))[: 200 if quick else IMAGES]
    train, held_out = data.train.part(chosen), data.validation.part(slice(200 if quick else None))
    return (train.images, train.labels), (held_out.images, held_out.labels)


def labs_own(network):
    """The settings of the lab's better recipe."""
    plan = LAB[network]
    return Settings(
        plan.learning_rate, "cosine", plan.batch, plan.shift, plan.flip,
        "he" if plan.initializers else "document",
    )  # fmt: skip


def candidates(network, count):
    """The lab's settings, and ``count`` others drawn at random, none of them twice."""
    values = SPACE | {
        "flip": FLIPS.get(LABS[network].data, (False,)),
        "initialisation": INITIALISED.get(network, ("document",)),
    }
    every = [Settings(*chosen) for chosen in product(*values.values())]
    first = labs_own(network)
    every.remove(first)
    drawn = np.random.default_rng(list(DOCUMENTS).index(network)).permutation(len(every))[:count]
    return [first, *(every[k] for k in drawn)]


class Log:
    """All trials that were made, in a file of lines of values parted by commas."""

    def __init__(self, path):
        self.path, self.lines = path, []
        if path and path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                self.lines = list(csv.DictReader(file))

    def figures(self, trial, quick, bar):
        """Those of the file, or of a training now."""
        asked = trial.line()
        for line in self.lines:
            if asked.items() <= line.items():
                return line
        self.lines.append(asked | trial.figures(quick))
        if self.path:
            with self.path.open("a", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, self.lines[-1], lineterminator="\n")
                if file.tell() == 0:
                    writer.writeheader()
                writer.writerow(self.lines[-1])
        bar.update()
        return self.lines[-1]


def search(network, log, options, bar):
    """All trials of one network: rows for the table, the best first, and what was chosen."""

    def tried(settings, seeds, epochs=EPOCHS):
        trials = [Trial(network, settings, epochs, seed) for seed in seeds]
        return [log.figures(trial, options.quick, bar) for trial in trials]

    own, *drawn = candidates(network, 2 if options.quick else DRAWN)
    found = {settings: tried(settings, [0]) for settings in (own, *drawn)}
    finalists = sorted(found, key=lambda settings: mean(losses(found[settings])))
    for settings in dict.fromkeys((*finalists[: 1 if options.quick else FINALISTS], own)):
        found[settings] += tried(settings, range(1, 2 if options.quick else SEEDS))
    order = sorted(found, key=lambda s: (-len(found[s]), mean(losses(found[s]))))
    best = order[0]
    longer = {settings: tried(settings, [0], LONGER) for settings in dict.fromkeys((best, own))}
    lines = [*((s, found[s]) for s in order), *longer.items()]
    rows = [_row(network, settings, figures, settings == own) for settings, figures in lines]
    return rows, _verdict(network, best, own, found, longer)


def losses(lines):
    return [float(line["loss"]) for line in lines]


def _verdict(network, best, own, found, longer):
    """Which settings have the lowest loss on the images held out, and how the lab's compare."""
    said = f"{network}: of {len(found)} recipes, {best} has the lowest mean loss"
    said += f", {spread(losses(found[best]), '{:.4f}')} after {EPOCHS} epochs."
    if best == own:
        return f"{said} It is the lab's own, which stays."
    ours, theirs = losses(longer[own])[0], losses(longer[best])[0]
    order = "the order stays" if theirs < ours else "the order turns, and the lab's is kept"
    said += f" The lab's, {own}, has {spread(losses(found[own]), '{:.4f}')}."
    return f"{said} After {LONGER} epochs it is {theirs:.4f} and the lab's {ours:.4f}: {order}."


def _row(network, settings, lines, is_the_labs):
    accuracies = [100 * float(line["accuracy"]) for line in lines]
    return [
        network,
        f"{settings}{' (the lab)' if is_the_labs else ''}",
        lines[0]["epochs"],
        str(len(lines)),
        spread(losses(lines), "{:.4f}"),
        f"{spread(accuracies, '{:.2f}')} %",
        f"{mean(float(line['seconds']) for line in lines):.0f}",
    ]


def main():
    options = parser(__doc__)
    options.add_argument(
        "--networks", nargs="+", choices=LABS, default=list(LABS), metavar="NAME",
        help=f"some of {', '.join(LABS)} (default: all)",
    )  # fmt: skip
    options.add_argument(
        "--results", type=Path, metavar="FILE", help="keep all trials there, a line each"
    )
    options = options.parse_args()
    report, log = Report(), Log(options.results)
    with progress(desc="trials") as bar:
        found = [search(name, log, options, bar) for name in options.networks]
    rows = [row for network_rows, _ in found for row in network_rows]
    report.table(
        f"Held-out loss and accuracy, {IMAGES:,} training images: mean ± standard deviation",
        ["network", "recipe", "epochs", "seeds", "loss", "accuracy", "s"], rows, words=2,
    )  # fmt: skip
    for _, verdict in found:
        report.say(verdict)
    report.conditions("all", what="trials")
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
