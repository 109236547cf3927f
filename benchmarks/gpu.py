"""The GPU backend beside PyTorch on the same GPU: networks, convolutions, and what a launch costs.

All contenders are timed in turn, round after round, in one process: compare figures of one run
only. PyTorch is measured twice: in float32 as we compute (TF32 off), and with TF32 on, which rounds
the factors of every product to 10 bits and is there for the record.

    python benchmarks/gpu.py

It takes a GPU and pip install -e ".[cuda13]"; without PyTorch, its columns are left out.
"""

import time
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import islice
from statistics import median

import numpy as np
from contenders import batches, random_images, random_labels
from networks import IMAGE, NETWORKS, Convolution, torch_model
from reports import Report, geometric_mean, parser, spread

from cnncourse import kernels, optimizers
from cnncourse.kernels import gpu_detection
from cnncourse.kernels.geometry import Geometry
from cnncourse.support.progress import progress

ROUNDS, QUICK_ROUNDS = 9, 2
SECONDS, QUICK_SECONDS = 0.05, 0.005  # of one measurement
PACKAGES = ("cnncourse", "numba", "numba-cuda", "torch", "numpy")

OURS, FLOAT32, TF32 = "cnncourse", "torch float32", "torch TF32"
INFERENCE_BATCH = 1000
WAYS = ("conv2d", "conv2d_input_gradient", "conv2d_kernel_gradient")
# images, side, channels in and out, of 3×3 convolutions as large networks have them
LARGE = ((64, 56, 64, 64), (64, 28, 128, 128), (256, 32, 64, 64))


class Ours:
    """The functions that the chapters call, on NumPy arrays, which they copy to the GPU."""

    def __init__(self):
        self.images, self.labels = random_images(), random_labels()

    def training(self, network):
        model = network.make().to("cuda")
        kind = getattr(optimizers, network.optimizer)
        model.compile(kind(network.learning_rate), "softmax_cross_entropy")
        pool = batches(self.images, self.labels, network.batch)

        def steps(count):
            for x, y in islice(pool, count):
                model.train_on_batch(x, y)

        return steps

    def inference(self, network):
        model = network.make().to("cuda")
        images = self.images[:INFERENCE_BATCH]
        return repeating(partial(model.predict, images, batch_size=INFERENCE_BATCH))

    def convolution(self, way, size):
        backend, geometry = kernels.get("cuda"), size.geometry
        x, kernel, y = (
            backend.asarray(np.random.default_rng(0).standard_normal(shape))
            for shape in (
                (size.images, *geometry.image, size.channels),
                (*geometry.window, size.channels, size.filters),
                (size.images, *geometry.output, size.filters),
            )
        )
        arguments = {
            "conv2d": (x, kernel, geometry, y),
            "conv2d_input_gradient": (y, kernel, geometry, x),
            "conv2d_kernel_gradient": (x, y, geometry, kernel),
        }[way]
        return repeating(partial(getattr(backend, way), *arguments))


class Torch:
    """Eager PyTorch on tensors that wait on the GPU, with the channels where it puts them."""

    def __init__(self, tf32):
        import torch

        self.torch, self.tf32 = torch, tf32
        torch.backends.cudnn.benchmark = True  # it tries its algorithms, and takes the fastest
        images = torch.from_numpy(random_images()).permute(0, 3, 1, 2)
        self.images = images.contiguous().cuda()  # (N, 1, H, W)
        self.labels = torch.from_numpy(random_labels()).cuda()

    @contextmanager
    def precision(self):
        """TF32 on or off, for what is called within."""
        backends = self.torch.backends
        backends.cudnn.allow_tf32 = backends.cuda.matmul.allow_tf32 = self.tf32
        yield

    def within(self, steps):
        def precisely(count):
            with self.precision():
                steps(count)

        return precisely

    def training(self, network):
        model = torch_model(network.scores).cuda()
        kind = getattr(self.torch.optim, network.optimizer)
        fused = {"fused": True} if network.optimizer == "Adam" else {}
        optimizer = kind(model.parameters(), lr=network.learning_rate, **fused)
        loss = self.torch.nn.functional.cross_entropy
        pool = batches(self.images, self.labels, network.batch)

        def steps(count):
            for x, y in islice(pool, count):
                optimizer.zero_grad()
                loss(model(x), y).backward()
                optimizer.step()

        return self.within(steps)

    def inference(self, network):
        model = torch_model(network.operations).cuda().eval()
        images = self.images[:INFERENCE_BATCH]

        def infer():
            with self.torch.inference_mode():
                model(images).cpu()  # ours gives NumPy arrays

        return self.within(repeating(infer))

    def convolution(self, way, size):
        random, geometry = partial(self.torch.randn, device="cuda"), size.geometry
        x = random(size.images, size.channels, *geometry.image)
        kernel = random(size.filters, size.channels, *geometry.window)
        y = random(size.images, size.filters, *geometry.output)
        options = {"stride": geometry.strides, "padding": geometry.before}
        function, of = self.torch.nn.functional, self.torch.nn.grad
        call = {
            "conv2d": partial(function.conv2d, x, kernel, **options),
            "conv2d_input_gradient": partial(of.conv2d_input, x.shape, kernel, y, **options),
            "conv2d_kernel_gradient": partial(of.conv2d_weight, x, kernel.shape, y, **options),
        }[way]
        return self.within(repeating(call))


def repeating(call):
    def steps(count):
        for _ in range(count):
            call()

    return steps


def timed(steps, count):
    """The seconds of one step, from ``count`` of them, until the GPU has done them all."""
    synchronize = kernels.get("cuda").synchronize  # it waits for PyTorch's work, too
    synchronize()
    start = time.perf_counter()
    steps(count)
    synchronize()
    return (time.perf_counter() - start) / count


def measure(jobs, options):
    """The seconds a step of each job, by name, as a list with a figure for each round."""
    counts = {}
    for name, steps in progress(jobs.items(), "compiling"):
        timed(steps, 3)  # compiles, chooses algorithms, fills the pools of memory
        counts[name] = max(1, round(options.seconds / timed(steps, 3)))
    figures = {name: [] for name in jobs}
    for _ in progress(range(options.rounds), "measuring"):
        for name, steps in jobs.items():
            figures[name].append(timed(steps, counts[name]))
    return figures


def network_tables(contenders, options, report):
    """Training and inference: a row for each network, a column for each contender."""
    for job in "training", "inference":
        jobs = {
            (name, network): getattr(contender, job)(NETWORKS[network])
            for network in options.networks
            for name, contender in contenders.items()
        }
        figures = measure(jobs, options)
        rows, ratios = [], []
        for network in options.networks:
            size = NETWORKS[network].batch if job == "training" else INFERENCE_BATCH
            steps = {name: [1e6 * s for s in figures[name, network]] for name in contenders}
            rows.append([network, str(size), *map(spread, steps.values())])
            if FLOAT32 in contenders:
                ratios.append(median(steps[FLOAT32]) / median(steps[OURS]))
                rows[-1].append(f"{ratios[-1]:.2f}")
        header = ["network", "batch", *contenders]
        if ratios:
            header.append(f"{FLOAT32} / ours")
            blank = [""] * (len(contenders) + 1)
            rows.append(["geometric mean", *blank, f"{geometric_mean(ratios):.2f}"])
        report.table(f"{job.capitalize()}: µs a step, median (min–max)", header, rows)


def convolutions(quick):
    """The convolutions of the documents' networks, without repetition, and those of large ones."""
    sizes = [size for network in NETWORKS.values() for size, _ in network.convolutions()]
    for images, side, channels, filters in LARGE:
        geometry = Geometry.of((side, side), (3, 3), (1, 1), "same")
        sizes.append(Convolution(images, channels, filters, geometry))
    return sizes[:1] if quick else list(dict.fromkeys(sizes))


def convolution_tables(contenders, options, report):
    """Each of a convolution's kernels beside cuDNN, which is what PyTorch calls."""
    sizes = convolutions(options.quick)
    for way in WAYS:
        jobs = {
            (name, size): contender.convolution(way, size)
            for size in sizes
            for name, contender in contenders.items()
        }
        figures = measure(jobs, options)
        rows = []
        for size in sizes:
            cells = np.prod(size.geometry.output) * np.prod(size.geometry.window)
            operations = 2 * size.images * size.channels * size.filters * cells
            speeds = {n: operations / median(figures[n, size]) / 1e12 for n in contenders}
            rows.append([str(size), *[f"{speed:.2f}" for speed in speeds.values()]])
            if FLOAT32 in contenders:
                rows[-1].append(f"{speeds[OURS] / speeds[FLOAT32]:.0%}")
        header = ["images, channels, window", *contenders]
        header += ["beside float32"] if FLOAT32 in contenders else []
        report.table(f"{way}: TF/s (10¹² multiplications and additions a second)", header, rows)


def launch_table(options, report):
    """What the CPU does for a launch, from kernels that do nothing."""
    from cnncourse.kernels.cuda.compiler import jit

    @jit
    def nothing():
        pass

    @jit
    def four(a, b, c, d, i, j, k):
        pass

    backend = kernels.get("cuda")
    array = backend.empty(1).flat
    relu, numbers = backend.empty(1), np.zeros(1000, np.float32)
    there = backend.asarray(numbers)
    jobs = {
        "a kernel without arguments": repeating(lambda: nothing[1, 32]()),
        "4 arrays and 3 numbers": repeating(
            lambda: four[1, 32](array, array, array, array, 1, 2, 3)
        ),
        "relu of the backend, again and again": repeating(lambda: backend.relu(relu, relu)),
        "an array from the pool": repeating(lambda: backend.empty((100, 24, 24, 32))),
        "1,000 numbers to the GPU": repeating(lambda: backend.asarray(numbers)),
        "1,000 numbers back": repeating(lambda: backend.to_numpy(there)),
    }
    figures = measure(jobs, options)
    rows = [[name, spread([1e6 * s for s in figures[name]], "{:.1f}")] for name in jobs]
    report.table("Launches: µs each, median (min–max)", ["what", "µs"], rows)


def torch_contenders(report):
    """PyTorch in both precisions, if it is here and finds the GPU."""
    if not find_spec("torch"):
        report.say("Left out, for it is not installed: torch.")
        return {}
    import torch

    if not torch.cuda.is_available():
        report.say("Left out: torch, as it is installed, finds no GPU.")
        return {}
    return {FLOAT32: Torch(tf32=False), TF32: Torch(tf32=True)}


def main():
    options = parser(__doc__, ROUNDS)
    options.add_argument(
        "--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS), metavar="NAME",
        help=f"some of {', '.join(NETWORKS)} (default: all)",
    )  # fmt: skip
    options = options.parse_args()
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    options.seconds = QUICK_SECONDS if options.quick else SECONDS

    found = gpu_detection.detect()
    if not found.usable or found.simulated:
        raise SystemExit(
            f"There is no GPU to measure: {found.description}. What you can do: "
            f"{found.advice or 'unset NUMBA_ENABLE_CUDASIM'}."
        )
    report = Report()
    report.say(f"On {found.description}, images of {'×'.join(map(str, IMAGE))}.")
    contenders = {OURS: Ours()} | torch_contenders(report)
    network_tables(contenders, options, report)
    convolution_tables(contenders, options, report)
    launch_table(options, report)
    report.conditions(options.rounds, packages=PACKAGES)
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
