"""A recipe trained once and judged by images held out, briefly or as long as the labs train; a log.

No test image is looked at here. What is tried, in which order, and what it shows: search.py.
"""

import csv
import time
from dataclasses import dataclass, fields, replace
from functools import cache
from math import ceil

import numpy as np
from documents import Run, twice
from labs import HE, LABS, as_in_the_chapter

from cnncourse import Sequential, datasets, optimizers, schedules
from cnncourse.augmentation import random_flip, random_shift
from cnncourse.networks import DOCUMENTS

IMAGES = 20_000  # of a short trial
QUICK_IMAGES = 200


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
    """Settings, for how long and from which seed: a short trial on some of the images."""

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
        return figures_of(model.evaluate(*held_out), seconds)

    def line(self):
        """What stands in the log: each setting, as text."""
        settings = {field.name: getattr(self.settings, field.name) for field in fields(Settings)}
        line = {"network": self.network, **settings, "training": "short"}
        line |= {"epochs": self.epochs, "seed": self.seed}
        return {name: str(value) for name, value in line.items()}


@dataclass(frozen=True)
class LongTrial(Trial):
    """A lab's recipe with these settings in place of its own; all else as the lab has it.

    So it has the lab's epochs and, of the training images, all but those held out. A network that
    the lab trains on is trained on: from the document's initialisation, and for as many images.
    """

    recipe: str

    def figures(self, quick):
        """As of a short trial, but with test-time augmentation where the lab has it."""
        run = Run(self.network, self.recipe, self.seed, quick)
        settings, lab = self.settings, run.plan
        run.plan = run.plans[-1] = replace(
            lab,
            split=as_in_the_chapter,
            learning_rate=settings.learning_rate,
            decay=settings.schedule == "cosine",
            batch=settings.batch,
            steps=lab.steps and lab.steps * lab.batch // settings.batch,
            shift=settings.shift,
            flip=settings.flip,
            initializers=HE if settings.initialisation == "he" and not lab.after else {},
        )
        model, trainings = run.network(lambda: None)
        *_, held_out = run.parts(run.plan)
        evaluate = twice if run.plan.twice else Sequential.evaluate
        return figures_of(evaluate(model, *held_out), sum(trainings[-1][1]))

    def line(self):
        return super().line() | {"training": self.recipe}


def figures_of(evaluated, seconds):
    """What stands in the log beside the settings."""
    loss, accuracy = evaluated
    return {"loss": f"{loss:.5f}", "accuracy": f"{accuracy:.4f}", "seconds": f"{seconds:.1f}"}


@cache
def parts(name, quick):
    """Images and labels of a short trial, and those held out: the chapters' own split."""
    data = datasets.load(name)
    data = data.split(len(data.train) // 12, seed=0)
    chosen = np.random.default_rng(0).permutation(len(data.train))
    train = data.train.part(chosen[: QUICK_IMAGES if quick else IMAGES])
    held_out = data.validation.part(slice(QUICK_IMAGES if quick else None))
    return (train.images, train.labels), (held_out.images, held_out.labels)


class Log:
    """All trials that were made, in a file of lines of values parted by commas."""

    def __init__(self, path, quick, trial_done):
        self.path, self.quick, self.trial_done, self.lines = path, quick, trial_done, []
        if path and path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                self.lines = list(csv.DictReader(file))

    def figures(self, trial):
        """Those of the file, or of a training now."""
        asked = trial.line()
        for line in self.lines:
            if asked.items() <= line.items():
                return line
        self.lines.append(asked | trial.figures(self.quick))
        if self.path:
            with self.path.open("a", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, self.lines[-1], lineterminator="\n")
                if file.tell() == 0:
                    writer.writeheader()
                writer.writerow(self.lines[-1])
        self.trial_done()
        return self.lines[-1]
