"""The documents' labs: every result reproduced by its own recipe, then beaten by a better one.

Each run trains a document's network from one seed, on the full data, and is judged on images that
it never saw. With --results FILE, runs are kept as they finish, and those in the file already are
not repeated: a long evening may be spread over several commands.

    python benchmarks/documents.py --results labs.json     all five documents, three seeds each
    python benchmarks/documents.py --documents ntnu        one of them

MNIST and Fashion-MNIST are looked for as in the chapters: CNNCOURSE_DATA names their folder. For
times, leave the machine to it alone. How the better recipes were chosen: search.py.
"""

import json
import os
import time
from functools import cache
from math import ceil
from pathlib import Path
from statistics import mean, median, stdev

import numpy as np
from labs import LABS
from numba import get_num_threads
from reports import Report, parser

from cnncourse import Sequential, datasets, layers, losses, optimizers, schedules
from cnncourse.networks import DOCUMENTS
from cnncourse.support.progress import progress

SEEDS = 3
QUICK_IMAGES = 500
RECIPES = tuple(dict.fromkeys(name for lab in LABS.values() for name in lab.recipes))


class Run:
    """One network trained from one seed, and what it is worth."""

    def __init__(self, document, recipe, seed, quick):
        self.document, self.recipe, self.seed = document, recipe, seed
        self.lab = LABS[document]
        self.plan = self.lab.recipes[recipe]
        self.quick = quick
        self.plans = [self.plan]  # in the order in which they are carried out
        while self.plans[0].after:
            self.plans.insert(0, self.lab.recipes[self.plans[0].after])
        words = ", then ".join(plan.words for plan in self.plans)  # what changes is trained anew
        self.name = f"{document}: {words}; seed {seed}{', quick' * self.quick}"

    @property
    def epochs(self):
        return sum(1 if self.quick else plan.epochs for plan in self.plans)

    def parts(self, plan):
        """What to learn from, what to judge by, perhaps what is held out: (images, labels)."""
        parts = plan.split(load(self.lab.data))
        return [[every[:QUICK_IMAGES] for every in part] for part in parts] if self.quick else parts

    def result(self, bar):
        """Train, and judge: figures for JSON."""
        model, trainings = self.network(bar.update)
        _, judge, *held_out = self.parts(self.plan)
        evaluate = twice if self.plan.twice else Sequential.evaluate
        loss, accuracy = evaluate(model, *judge)
        return {
            "loss": loss,
            "accuracy": accuracy,
            "images": len(judge[0]),
            "held out": [evaluate(model, *part)[1] for part in held_out],
            "data": load(self.lab.data).name,
            "threads": get_num_threads(),
            "minutes": sum(sum(seconds) for _, seconds in trainings) / 60,
            "seconds": trainings[-1][1],
            "history": trainings[-1][0],
        }

    def network(self, epoch_done):
        """The network, trained by all its recipes, and what they were in figures and seconds."""
        model = DOCUMENTS[self.document](seed=self.seed, **self.plan.initializers)
        return model, [self.trained(model, plan, epoch_done) for plan in self.plans]

    def trained(self, model, plan, epoch_done):
        """Train by one recipe: the figures and the seconds of each epoch."""
        train, judge, *_ = self.parts(plan)
        epochs = 1 if self.quick else plan.epochs
        steps = ceil(len(train[0]) / plan.batch) if self.quick or not plan.steps else plan.steps
        rate = plan.learning_rate
        if plan.decay:
            rate = schedules.CosineDecay(rate, steps * epochs)
        model.compile(getattr(optimizers, plan.optimizer)(rate), "softmax_cross_entropy")
        model.predict(judge[0][:1])  # what is to compile is compiled before the clock starts
        moments = [time.perf_counter()]

        def clock(epoch, figures):
            moments.append(time.perf_counter())
            epoch_done()

        history = model.fit(
            *train,
            plan.batch,
            epochs=epochs,
            steps_per_epoch=steps,
            augment=plan.augment if plan.augments else None,
            validation_data=judge if plan.validated else None,
            callbacks=[clock],
            verbose=0,
        )
        figures = [
            {name: round(values[epoch], 5) for name, values in history.items()}
            for epoch in range(epochs)
        ]
        return figures, np.diff(moments).tolist()


def twice(model, images, labels):
    """Loss and accuracy with test-time augmentation: the mean of an image and its mirror image."""
    views = images, images[:, :, ::-1]
    mean = np.mean([layers.Softmax()(model.predict(view)) for view in views], axis=0)  # (N, K)
    loss = losses.SoftmaxCrossEntropy(from_logits=False)(mean, labels)
    return loss, float((mean.argmax(1) == labels).mean())


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
        Run(document, recipe, seed, options.quick)
        for document in options.documents
        for recipe in LABS[document].recipes
        if recipe in options.recipes
        for seed in range(options.seeds)
    ]


def train_all(runs, options):
    """The results of all runs by name, trained or found in the file."""
    results = kept(options.results)
    missing = [run for run in runs if run.name not in results]
    with progress(total=sum(run.epochs for run in missing), desc="training") as bar:
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
    header = ["document", "recipe", "its figure", "ours", "held out", "minutes", "s an epoch"]
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
            held_out = [100 * accuracy for result in own for accuracy in result["held out"]]
            rows.append([
                name,
                plan.words,
                lab.figure if first else "",
                judged(own, lab.reports if first else ("accuracy", "loss")),
                f"{spread(held_out, '{:.2f}')} %" if held_out else "",
                f"{median(result['minutes'] for result in own):.1f}",
                f"{median(times):.1f}" + (f" for {plan.steps} steps" if plan.steps else ""),
            ])  # fmt: skip
            name = ""
    title = f"The documents' labs: mean ± standard deviation of {options.seeds} seeds"
    report.table(title, header, rows, words=5)
    found = sorted({results[run.name]["data"] for run in runs})
    report.say(
        f"Data: {', '.join(found)}. Judged by MNIST's or Fashion-MNIST's 10,000 test images, "
        "ReNom's own recipe by its own 14,000; where the chapter holds 5,000 training images out, "
        "by these as well."
    )
    report.say(f"Threads: {', '.join(sorted({str(results[r.name]['threads']) for r in runs}))}.")
    theirs = [f"{LABS[d].seconds} s in {LABS[d].document}" for d in LABS if LABS[d].seconds]
    report.say(
        "Minutes and seconds are those of this computer alone. By the way: an epoch took "
        f"{', '.join(theirs)}, on computers that they do not name; that compares computers, "
        "not programs."
    )


def main():
    options = parser(__doc__)
    for name, known in {"documents": LABS, "recipes": RECIPES}.items():
        options.add_argument(
            f"--{name}", nargs="+", choices=known, default=list(known), metavar="NAME",
            help=f"some of {', '.join(known)} (default: all)",
        )  # fmt: skip
    options.add_argument("--seeds", type=int, default=SEEDS, help="runs of each (default: 3)")
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
