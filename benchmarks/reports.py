"""What the benchmarks have in common: their options, and the tables they end with."""

import argparse
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from math import exp, log
from pathlib import Path
from statistics import mean, median


def parser(description, rounds=None):
    """The options that all benchmarks know; without ``rounds``, there is no option for them."""
    options = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    if rounds:
        options.add_argument(
            "--rounds", type=positive, help=f"measurements of each figure (default: {rounds})"
        )
    options.add_argument("--quick", action="store_true", help="a few short rounds: only a test")
    options.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there too")
    return options


def add_threads(options):
    options.add_argument(
        "--threads",
        type=positive,
        default=os.cpu_count(),
        help="threads of every contender (default: all cores, %(default)s here)",
    )


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return None


class Report:
    """Paragraphs and tables, printed as plain text, kept as Markdown. Made before measuring."""

    def __init__(self):
        self.plain, self.markdown = [], []
        self.load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None  # not on Windows

    def say(self, text):
        self.plain.append(text)
        self.markdown.append(text)

    def table(self, title, header, rows, words=1):
        """Add a table: ``header`` and each of ``rows`` are lists of strings.

        The first ``words`` columns are aligned to the left, the others, figures, to the right.
        """
        lines = [header, *rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

        def aligned(cells):
            pairs = list(zip(cells, widths, strict=True))
            left = [cell.ljust(width) for cell, width in pairs[:words]]
            right = [cell.rjust(width) for cell, width in pairs[words:]]
            return "  ".join(left + right).rstrip()

        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        self.plain.append("\n".join([title, rule, aligned(header), rule, *map(aligned, rows)]))
        bars = ["| " + " | ".join(cells) + " |" for cells in lines]
        bars.insert(1, "|---" * words + "|--:" * (len(header) - words) + "|")
        self.markdown.append("\n".join([f"**{title}**", "", *bars]))

    def conditions(
        self, rounds, threads=None, packages=("cnncourse", "numba", "numpy"), what="rounds"
    ):
        """Say under what conditions the figures came about; times are medians of ``rounds``."""
        words = [f"Python {platform.python_version()} on {processor()}"]
        words += [f"{package} {found}" for package in packages if (found := _version(package))]
        words.append(f"{os.cpu_count()} cores")
        if threads:
            words.append(f"{threads} threads")
        words.append(f"medians of {rounds} {what}")
        if self.load is not None:
            words.append(f"load average {self.load:.1f} before the first")
        self.say(", ".join(words) + ".")

    def finish(self, path=None):
        """Print it all, and write it to ``path``."""
        print("\n" + "\n\n".join(self.plain))
        if path is not None:
            path.write_text("\n\n".join(self.markdown) + "\n", encoding="utf-8")


def processor():
    """The processor's name, or at least its kind, where the system does not tell the name."""
    known = Path("/proc/cpuinfo")  # Linux
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor()
    return f"{name} ({platform.machine()})".strip()


def spread(values, form="{:.0f}"):
    """Median, and from the smallest to the largest: ``76 (71–93)``."""
    middle, low, high = (form.format(value) for value in (median(values), min(values), max(values)))
    return f"{middle} ({low}–{high})"


def geometric_mean(ratios):
    return exp(mean(map(log, ratios)))


def beside_peers(lines, labels, ours, form="{:.0f}"):
    """Header and rows of a table of times, with the fastest peer's divided by ours.

    ``lines``: for each row its first cells, and contender → times; ``labels``: the names of those
    first columns; ``ours``: the contender that the others are divided by, where it takes part.
    """
    (cells, times), *_ = lines
    header, blank = [*labels, *times], [""] * (len(cells) - 1 + len(times))
    rows, ratios = [], []
    for cells, times in lines:
        rows.append([*cells, *(spread(values, form) for values in times.values())])
        peers = [values for name, values in times.items() if name != ours]
        if ours in times and peers:
            ratios.append([min(map(of, peers)) / of(times[ours]) for of in (median, min)])
            rows[-1] += [f"{ratio:.2f}" for ratio in ratios[-1]]
    if ratios:
        header += ["fastest peer / ours", "in the best rounds"]
        means = [f"{geometric_mean(column):.2f}" for column in zip(*ratios, strict=True)]
        rows.append(["geometric mean", *blank, *means])
    return header, rows
