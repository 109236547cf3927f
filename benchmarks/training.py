"""Training and inference on the documents' five networks and two with shortcuts, beside others'.

Every contender is warmed up in a process of its own, then they are timed in turn, round after
round: A B C A B C … Compare figures of one run only, and best on a machine that does nothing else.

    python benchmarks/training.py                       all contenders that are installed
    python benchmarks/training.py --scaling             ours alone: threads, batches, image sizes
"""

from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from statistics import median

from contenders import ALL, CONTENDERS
from networks import NETWORKS
from reports import Report, add_threads, beside_peers, parser, spread
from worker import Worker

from cnncourse.support.progress import progress

ROUNDS, QUICK_ROUNDS = 15, 2
SECONDS, QUICK_SECONDS = 0.25, 0.005  # of one measurement
PACKAGES = ("cnncourse", "numba", "torch", "keras", "tensorflow", "tensorflow-cpu")

OURS = "cnncourse"
JOBS = ("training", "inference")
INFERENCE_BATCH = 1000
BATCHES = (32, 64, 128, 256, 512, 1024)
SIDES = {28: 128, 56: 32, 112: 8, 224: 2}  # images of each side: always as many pixels
SCALED = "tutorial"
# Its convolutions keep the image's size. Without padding, they would cut off much of a small image
# and next to nothing of a large one, so that the work itself would grow faster than the pixels.
SCALED_SIDES = "postech"
LATENCIES = 20  # short measurements of one image's latency in a round
QUICK_SCALES = 2  # how many batches and sides a quick run takes


def measure(requests, rounds):
    """Answer each of ``requests``, (worker, request) by name, in turn; a list of figures each."""
    figures = {name: [] for name in requests}
    steps = [name for _ in range(rounds + 1) for name in requests]
    with progress(total=len(steps), desc="measuring") as bar:
        for step, name in enumerate(steps):
            worker, request = requests[name]
            warming_up = step < len(requests)  # in the first round; that takes its time
            bar.set_postfix_str(" ".join(map(str, name)), refresh=warming_up)
            figure = worker.ask(**request)
            if not warming_up:
                figures[name].append(figure)
            bar.update()
        bar.set_postfix_str("")
    return figures


def compare(options, report):
    """The tables of all contenders."""
    here = [name for name in options.contenders if find_spec(CONTENDERS[name].package)]
    missing = [name for name in options.contenders if name not in here]
    if missing:
        report.say(
            f"Left out, for they are not installed: {', '.join(missing)} "
            "(pip install -r benchmarks/requirements.txt)."
        )
    with ExitStack() as stack:
        start = partial(Worker.start, threads=options.threads)
        workers = {name: stack.enter_context(start(name)) for name in here}
        requests = {}
        for network in options.networks:
            for job in JOBS:
                request = {"job": job, "network": network, "size": size_of(job, network)}
                request["seconds"] = options.seconds
                requests |= {(name, job, network): (workers[name], request) for name in here}
        figures = measure(requests, options.rounds)
    for job in JOBS:
        comparison(job, options.networks, here, figures, report)


def size_of(job, network):
    """How many images a step of a job takes."""
    return ALL[network].batch if job == "training" else INFERENCE_BATCH


def comparison(job, networks, contenders, figures, report):
    """The table of one job: a row for each network, a column for each contender."""
    lines = [
        (
            [network, str(size_of(job, network))],
            {name: figures[name, job, network] for name in contenders},
        )
        for network in networks
    ]
    header, rows = beside_peers(lines, ["network", "batch"], OURS)
    report.table(f"{job.capitalize()}: µs a sample, median (min–max)", header, rows)


def scale(options, report):
    """How our own speed changes with threads, batch and image size; one image's latency."""
    batches, sides = BATCHES, list(SIDES)
    if options.quick:
        batches, sides = batches[:QUICK_SCALES], sides[:QUICK_SCALES]
    common = {"network": SCALED, "seconds": options.seconds}
    training = common | {"job": "training"}
    usual = training | {"size": NETWORKS[SCALED].batch}
    features = common | {"job": "features", "network": SCALED_SIDES}
    latency = common | {"job": "inference", "size": 1, "seconds": options.seconds / LATENCIES}
    with (
        Worker.start(OURS, threads=options.threads) as many,
        Worker.start(OURS, threads=1) as one,
    ):
        requests = {("threads", "1"): (one, usual), ("threads", "all"): (many, usual)}
        for size in batches:
            requests["batch", size] = many, training | {"size": size}
        for side in sides:
            requests["side", side] = many, features | {"side": side, "size": SIDES[side]}
        requests |= {("latency", k): (many, latency) for k in range(LATENCIES)}
        figures = measure(requests, options.rounds)

    threads = {str(n): figures["threads", n] for n in ("1", "all")}
    threads[f"all, {options.threads}"] = threads.pop("all")
    title = f"Threads: a training step of the network {SCALED!r}, batch {usual['size']}"
    relative(title, "threads", "µs a sample", threads, report)
    times = {str(size): figures["batch", size] for size in batches}
    relative("Batches: the same step", "batch", "µs a sample", times, report)
    times = {
        f"{SIDES[side]} × {side}×{side}": [
            1000 * microseconds / side**2 for microseconds in figures["side", side]
        ]
        for side in sides
    }
    title = f"Image sizes: forward and backward through the convolution part of {SCALED_SIDES!r}"
    relative(title, "images", "ns a pixel", times, report)
    times = [figure for k in range(LATENCIES) for figure in figures["latency", k]]
    report.say(
        "One image through it, from `predict` to its probabilities: median (min–max) "
        f"{spread(times)} µs."
    )


def relative(title, name, unit, figures, report):
    """A table with a row for each of ``figures``, and how they compare with the best."""
    best = min(map(median, figures.values()))
    rows = [
        [key, spread(values), f"{median(values) / best:.2f}"] for key, values in figures.items()
    ]
    report.table(title, [name, f"{unit}, median (min–max)", "beside the best"], rows)


def main():
    options = parser(__doc__, ROUNDS)
    add_threads(options)
    for name, known in {"networks": ALL, "contenders": CONTENDERS}.items():
        options.add_argument(
            f"--{name}", nargs="+", choices=known, default=list(known), metavar="NAME",
            help=f"some of {', '.join(known)} (default: all)",
        )  # fmt: skip
    options.add_argument(
        "--scaling", action="store_true", help="ours alone: threads, batches, image sizes, latency"
    )
    options = options.parse_args()
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    options.seconds = QUICK_SECONDS if options.quick else SECONDS

    report = Report()
    (scale if options.scaling else compare)(options, report)
    report.conditions(options.rounds, options.threads, PACKAGES)
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
