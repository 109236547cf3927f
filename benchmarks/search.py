"""How the labs' better recipes were chosen: a search on training images, 5,000 of them held out.

For each document's network, recipes are drawn at random, with the one that the lab had before among
them, and each is trained for a few epochs on 20,000 images from one seed. The best by their loss on
the images held out are trained from two more seeds; the best of these, by the mean, and the one
from before once more for three times as long. At last both are trained as the lab trains, on all
images but those held out, for its epochs and from three seeds: the lower mean loss is the lab's.
No test image is ever looked at.

    python benchmarks/search.py --results benchmarks/search.csv
    python benchmarks/search.py --networks explained

The log has a line for each trial. It is written as they finish, and what it holds already is not
trained again. --markdown benchmarks/search.md writes what was chosen, and why.
"""

from itertools import product
from pathlib import Path
from statistics import mean

import numpy as np
from documents import spread
from labs import LABS
from reports import Report, parser
from trials import IMAGES, Log, LongTrial, Settings, Trial

from cnncourse.networks import DOCUMENTS
from cnncourse.support.progress import progress

EPOCHS, LONGER = 3, 9
DRAWN = 7  # recipes a network, beside the one from before
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
# what the labs had before this search: chosen by hand, some of them after test accuracies were seen
BEFORE = {
    "tutorial": Settings(0.002, "cosine", 100, 2, False, "he"),
    "ntnu": Settings(0.002, "cosine", 100, 2, False, "document"),
    "postech": Settings(0.001, "cosine", 50, 2, False, "document"),
    "renom": Settings(0.001, "cosine", 100, 2, False, "document"),
    "explained": Settings(0.005, "cosine", 100, 1, True, "document"),
}
# the recipes of a lab for which both are trained; one on all images has another's settings
LONG = {
    "tutorial": ("better",),
    "ntnu": ("better",),
    "postech": ("longer",),
    "renom": ("better",),
    "explained": ("better", "long"),
}


def candidates(network, count):
    """The settings from before, and ``count`` others drawn at random, none of them twice."""
    values = SPACE | {
        "flip": FLIPS.get(LABS[network].data, (False,)),
        "initialisation": INITIALISED.get(network, ("document",)),
    }
    every = [Settings(*chosen) for chosen in product(*values.values())]
    first = BEFORE[network]
    every.remove(first)
    drawn = np.random.default_rng(list(DOCUMENTS).index(network)).permutation(len(every))[:count]
    return [first, *(every[k] for k in drawn)]


def search(network, log, quick):
    """All trials of one network: rows for the table, the best first, and what was chosen."""

    def tried(settings, seeds, epochs=EPOCHS):
        trials = [Trial(network, settings, epochs, seed) for seed in seeds]
        return [log.figures(trial) for trial in trials]

    before, *drawn = candidates(network, 2 if quick else DRAWN)
    found = {settings: tried(settings, [0]) for settings in (before, *drawn)}
    finalists = sorted(found, key=lambda settings: mean(losses(found[settings])))
    for settings in dict.fromkeys((*finalists[: 1 if quick else FINALISTS], before)):
        found[settings] += tried(settings, range(1, 2 if quick else SEEDS))
    order = sorted(found, key=lambda s: (-len(found[s]), mean(losses(found[s]))))
    two = dict.fromkeys((order[0], before))  # or one, if the one from before is the best
    longer = {settings: tried(settings, [0], LONGER) for settings in two}
    rows = [(s, found[s]) for s in order] + list(longer.items())
    said = [
        f"{network}: of {len(found)} recipes, {order[0]} has the lowest mean loss after "
        f"{EPOCHS} epochs, {spread(losses(found[order[0]]), '{:.4f}')}; the one from before, "
        f"{before}, has {spread(losses(found[before]), '{:.4f}')}."
    ]
    for recipe in LONG[network] if len(two) > 1 else ():
        at_length = as_the_lab(network, recipe, two, log, quick)
        rows += at_length.items()
        said.append(_verdict(LABS[network].recipes[recipe].epochs, at_length))
    marked = [(f"{s}{' (before)' * (s == before)}", lines) for s, lines in rows]
    return [_row(network, *each) for each in marked], " ".join(said)


def as_the_lab(network, recipe, contenders, log, quick):
    """What contenders reach when a lab's recipe has their settings: lines of the log each."""
    epochs = LABS[network].recipes[recipe].epochs
    seeds = range(1 if quick else SEEDS)
    return {
        settings: [log.figures(LongTrial(network, settings, epochs, k, recipe)) for k in seeds]
        for settings in contenders
    }


def losses(lines):
    return [float(line["loss"]) for line in lines]


def _verdict(epochs, found):
    """Which of two the lab takes."""
    chosen = min(found, key=lambda settings: mean(losses(found[settings])))
    each = (f"{s} {spread(losses(lines), '{:.4f}')}" for s, lines in found.items())
    return f"As the lab trains, {epochs} epochs: {'; '.join(each)}. The lab takes {chosen}."


def _row(network, settings, lines):
    accuracies = [100 * float(line["accuracy"]) for line in lines]
    return [
        network,
        settings,
        f"{IMAGES:,}" if lines[0]["training"] == "short" else "as the lab",
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
    report = Report()
    with progress(desc="trials") as bar:
        log = Log(options.results, options.quick, bar.update)
        found = [search(name, log, options.quick) for name in options.networks]
    rows = [row for network_rows, _ in found for row in network_rows]
    report.table(
        "Loss and accuracy on 5,000 images held out: mean ± standard deviation",
        ["network", "recipe", "images", "epochs", "seeds", "loss", "accuracy", "s"], rows, words=3,
    )  # fmt: skip
    for _, verdict in found:
        report.say(verdict)
    report.conditions("all", what="trials")
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
