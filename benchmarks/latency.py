"""One image through the documents' networks, from its array to its probabilities, beside others.

Here the way from layer to layer counts as much as the arithmetic. Every contender is warmed up in a
process of its own, then they are timed in turn, in short measurements, round after round. Compare
figures of one run only, and best on a machine that does nothing else.

    python benchmarks/latency.py                        one image, by one thread and by all
    python benchmarks/latency.py --images 1000          many at once
"""

import os
from contextlib import ExitStack
from importlib.util import find_spec

from contenders import CONTENDERS
from networks import NETWORKS
from reports import Report, beside_peers, parser, positive
from runtimes import RUNTIMES
from training import OURS, measure
from worker import Worker

ROUNDS, QUICK_ROUNDS = 60, 2
SECONDS, QUICK_SECONDS = 0.01, 0.002  # of one measurement
ALL = CONTENDERS | RUNTIMES
USUAL = (OURS, *RUNTIMES)
PACKAGES = ("cnncourse", "numba", "onnxruntime", "openvino", "jax", "torch", "tensorflow")


def main():
    options = parser(__doc__, ROUNDS)
    options.add_argument(
        "--images", type=positive, default=1, help="how many at once (default: %(default)s)"
    )
    options.add_argument(
        "--threads", nargs="+", type=positive, default=sorted({1, os.cpu_count()}), metavar="N",
        help="threads of every contender, a table for each number (default: 1, and all cores)",
    )  # fmt: skip
    for name, known, default in (
        ("networks", NETWORKS, list(NETWORKS)),
        ("contenders", ALL, list(USUAL)),
    ):
        options.add_argument(
            f"--{name}", nargs="+", choices=known, default=default, metavar="NAME",
            help=f"some of {', '.join(known)} (default: {', '.join(default)})",
        )  # fmt: skip
    options = options.parse_args()
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    options.seconds = QUICK_SECONDS if options.quick else SECONDS

    report = Report()
    here = [name for name in options.contenders if find_spec(ALL[name].package)]
    if missing := [name for name in options.contenders if name not in here]:
        report.say(
            f"Left out, for they are not installed: {', '.join(missing)} "
            "(pip install -r benchmarks/requirements.txt)."
        )
    figures = measured(options, here)
    for threads in options.threads:
        table(options, here, threads, figures, report)
    report.conditions(options.rounds, packages=PACKAGES)
    report.finish(options.markdown)


def measured(options, contenders):
    """Microseconds an image, a list of them for each contender, number of threads and network."""
    requests = {}
    with ExitStack() as stack:
        for name in contenders:
            for threads in options.threads:
                worker = stack.enter_context(Worker.start(name, threads))
                for network in options.networks:
                    request = {"job": "inference", "network": network, "size": options.images}
                    request["seconds"] = options.seconds
                    requests[name, threads, network] = worker, request
        return measure(requests, options.rounds)


def table(options, contenders, threads, figures, report):
    """A row for each network, a column for each contender, all with so many threads."""
    lines = [
        ([network], {name: figures[name, threads, network] for name in contenders})
        for network in options.networks
    ]
    header, rows = beside_peers(lines, ["network"], OURS, "{:.1f}")
    images = "One image" if options.images == 1 else f"{options.images:,} images"
    words = "1 thread" if threads == 1 else f"{threads} threads"
    report.table(f"{images}, {words}: µs an image, median (min–max)", header, rows)


if __name__ == "__main__":
    main()
