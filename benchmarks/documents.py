"""The documents' labs: every result reproduced by its own recipe, then beaten by a better one.

Each run trains a document's network from one seed, on the full data, and is judged on images that
it never saw. With --results FILE, runs are kept as they finish, and those in the file already are
not repeated: a long evening may be spread over several commands.

    python benchmarks/documents.py --results labs.json     all five documents, three seeds each
    python benchmarks/documents.py --documents ntnu        one of them
    python benchmarks/documents.py --held-out --seeds 1    how the better recipes were chosen

MNIST and Fashion-MNIST are looked for as in the chapters: CNNCOURSE_DATA names their folder. For
times, leave the machine to it alone.
"""

import json
import os
import time
from functools import cache
from math import ceil
from pathlib import Path
from statistics import mean, median, stdev

import numpy as np
from labs import LABS, ROUND
from numba import get_num_threads
from reports import Report, parser

from cnncourse import Sequential, datasets, layers, losses, optimizers, schedules
from cnncourse.augmentation import random_flip, random_shift
from cnncourse.networks import DOCUMENTS
from cnncourse.support.progress import progress

SEEDS = 3
HELD_OUT = 5000  # training images that a better recipe is chosen by
QUICK_IMAGES = 500
RECIPES = tuple(dict.fromkeys(name for lab in LABS.values() for name in lab.recipes))


class Run:
    """One network trained from one seed, and what it is worth."""

    def __init__(self, document, recipe, seed, options):
        self.document, self.recipe, self.seed = document, recipe, seed
        self.lab = LABS[document]
        self.plan = self.lab.recipes[recipe]
        self.options = options
        judge = "quick" if options.quick else "held-out" if options.held_out else "test"
        self.name = f"{judge} {document} {recipe} {seed}"

    @property
    def rounds(self):
        return 1 if self.options.quick else self.plan.rounds

    def parts(self):
        """What to learn from, and what to judge by: pairs (images, labels)."""
        train, judge = self.plan.split(load(self.lab.data))
        if self.options.held_out:
            train, judge = ([every[at] for every in train] for at in np.s_[:-HELD_OUT, -HELD_OUT:])
        if self.options.quick:
            train, judge = ([every[:QUICK_IMAGES] for every in part] for part in (train, judge))
        return train, judge

    def result(self, bar):
        """Train, and judge: figures for JSON."""
        plan, (train, judge) = self.plan, self.parts()
        model = DOCUMENTS[self.document](seed=self.seed, **plan.initializers)
        an_epoch = ROUND if plan.steps else ceil(len(train[0]) / plan.batch)  # steps
        rate = plan.learning_rate
        if plan.decay:
            rate = schedules.CosineDecay(rate, an_epoch * self.rounds)
        model.compile(getattr(optimizers, plan.optimizer)(rate), "softmax_cross_entropy")
        model.predict(judge[0][:1])  # what is to compile is compiled before the clock starts
        moments = [time.perf_counter()]

        def epoch_done(epoch, figures):
            moments.append(time.perf_counter())
            bar.update()

        history = model.fit(
            *train,
            plan.batch,
            epochs=self.rounds,
            steps_per_epoch=an_epoch,
            augment=self.augmented if plan.shift or plan.flip else None,
            validation_data=judge if plan.validated else None,
            callbacks=[epoch_done],
            verbose=0,
        )
        loss, accuracy = (twice if plan.twice else Sequential.evaluate)(model, *judge)
        return {
            "loss": loss,
            "accuracy": accuracy,
            "images": len(judge[0]),
            "data": load(self.lab.data).name,
            "threads": get_num_threads(),
            "seconds": np.diff(moments).tolist(),
            "history": [
                {name: round(figures[epoch], 5) for name, figures in history.items()}
                for epoch in range(self.rounds)
            ],
        }

    def augmented(self, images, rng):
        if self.plan.shift:
            images = random_shift(images, self.plan.shift, rng)
        return random_flip(images, rng) if self.plan.flip else images


def twice(model, images, labels):
    """Loss and accuracy with test-time augmentation: the mean of an image and its mirror image."""
    views = images, images[:, :, ::-1]
    mean = np.mean([layers.Softmax()(model.predict(view)) for view in views], axis=0)
    return losses.SoftmaxCrossEntropy()(mean, labels), float((mean.argmax(1) == labels).mean())


@cache
def load(name):
    return datasets.load(name)


def kept(path):
    """The runs in a file of results; none if there is no such file."""
    return json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else {}


def keep(results, path):
    """Write beside the file first: whatever happens, there is a whole file."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)


def runs_of(options):
    return [
        Run(document, recipe, seed, options)
        for document in options.documents
        for recipe in LABS[document].recipes
        if recipe in options.recipes
        for seed in range(options.seeds)
    ]


def train_all(runs, options):
    """The results of all runs by name, trained or found in the file."""
    results = kept(options.results)
    missing = [run for run in runs if run.name not in results]
    with progress(total=sum(run.rounds for run in missing), desc="training") as bar:
        for run in missing:
            bar.set_postfix_str(f"{run.document} {run.recipe} {run.seed}")
            results[run.name] = run.result(bar)
            if options.results:
                keep(results | kept(options.results), options.results)  # others may have written
        bar.set_postfix_str("")
    return results


def spread(values, form):
    """Mean and standard deviation, which is left out for a single value."""
    deviation = f" ± {form.format(stdev(values))}" if len(values) > 1 else ""
    return f"{form.format(mean(values))}{deviation}"


def judged(results, reports):
    """``97.95 ± 0.07 % (best 98.02 %), loss 0.0671 ± 0.0010 (best 0.0660)``."""
    words = []
    if "accuracy" in reports:
        values = [100 * result["accuracy"] for result in results]
        words.append(f"{spread(values, '{:.2f}')} % (best {max(values):.2f} %)")
    if "loss" in reports:
        values = [result["loss"] for result in results]
        words.append(f"loss {spread(values, '{:.4f}')} (best {min(values):.4f})")
    return ", ".join(words)


def report_on(runs, results, options, report):
    """A row for each document and recipe."""
    header = ["document", "recipe", "its figure", "ours"]
    header += ["minutes", "s an epoch", "its s an epoch", "faster"]
    rows = []
    for document in options.documents:
        lab = LABS[document]
        name = lab.document  # only in the lab's first row
        for recipe, plan in lab.recipes.items():
            own = [results[r.name] for r in runs if (r.document, r.recipe) == (document, recipe)]
            if not own:
                continue
            first = recipe == "document"
            times = [second for result in own for second in result["seconds"]]
            unit = f" for {ROUND} steps" if plan.steps else ""
            compared = first and lab.seconds
            rows.append([
                name,
                plan.words,
                lab.figure if first else "",
                judged(own, lab.reports if first else ("accuracy", "loss")),
                f"{median(times) * len(own[0]['seconds']) / 60:.1f}",
                f"{median(times):.1f}{unit}",
                f"{lab.seconds}" if compared else "",
                f"{lab.seconds / median(times):.1f} ×" if compared else "",
            ])  # fmt: skip
            name = ""
    title = f"The documents' labs: mean ± standard deviation of {options.seeds} seeds"
    report.table(title, header, rows, words=4)
    judges = "the last 5,000 training images, held out" if options.held_out else (
        "MNIST's or Fashion-MNIST's 10,000 test images, ReNom's own recipe on its own 14,000"
    )  # fmt: skip
    found = sorted({results[run.name]["data"] for run in runs})
    report.say(f"Data: {', '.join(found)}. Judged by {judges}.")
    report.say(f"Threads: {', '.join(sorted({str(results[r.name]['threads']) for r in runs}))}.")


def main():
    options = parser(__doc__)
    for name, known in {"documents": LABS, "recipes": RECIPES}.items():
        options.add_argument(
            f"--{name}", nargs="+", choices=known, default=list(known), metavar="NAME",
            help=f"some of {', '.join(known)} (default: all)",
        )  # fmt: skip
    options.add_argument("--seeds", type=int, default=SEEDS, help="runs of each (default: 3)")
    options.add_argument(
        "--held-out", action="store_true", help="judge by training images, not by the test"
    )
    options.add_argument(
        "--results", type=Path, metavar="FILE", help="keep all runs there, as JSON"
    )
    options = options.parse_args()
    report = Report()
    runs = runs_of(options)
    results = train_all(runs, options)
    report_on(runs, results, options, report)
    report.conditions("all", what="epochs")
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
