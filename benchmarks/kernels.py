"""Each kernel of the CPU backend beside what the machine can do at most, measured in the same run.

Convolutions are held against the *roofline*: what the machine can do at most with so many
operations on so many bytes. It is the lower one of two limits, multiply-adds that never leave the
registers, and each array moved once, as fast as a copy moves it. Pooling and elementwise kernels
are held against the copy. All are timed in turn, round after round: compare only figures of one
run. Source: S. Williams, A. Waterman and D. Patterson, *Roofline: An Insightful Visual Performance
Model for Multicore Architectures*, 2009.

    python benchmarks/kernels.py
"""

import time
from math import prod
from statistics import median

import numba
import numpy as np
from networks import NETWORKS, Convolution
from reports import Report, add_threads, parser

from cnncourse import kernels
from cnncourse.kernels.contract import FUSED_SHAPES
from cnncourse.kernels.geometry import Geometry
from cnncourse.support.progress import progress
from cnncourse.timing.machine import OPERATIONS, TURNS, copy, multiply_adds

ROUNDS, QUICK_ROUNDS = 21, 2
SECONDS, QUICK_SECONDS = 0.02, 0.001  # of one measurement

PEAK = "multiply-adds in registers"
COPY = "copy"
WAYS = ("forward", "input gradient", "kernel gradient")
QUICK_CONVOLUTIONS = 2  # how many of the shapes a quick run takes

# what residual networks of small and of larger images have: images, side, channels, filters,
# window, stride
DEEPER = (
    (32, 32, 16, 16, 3, 1),
    (32, 32, 16, 32, 3, 2),
    (32, 32, 16, 32, 1, 2),
    (32, 16, 32, 32, 3, 1),
    (32, 8, 64, 64, 3, 1),
    (32, 16, 256, 64, 1, 1),
    (32, 16, 64, 256, 1, 1),
    (8, 32, 64, 64, 3, 1),
    (8, 16, 128, 128, 3, 1),
    (8, 8, 256, 256, 3, 1),
)

# what the tutorial's first convolution gives, and its pooling takes
ACTIVATIONS = (100, 24, 24, 32)
QUICK_KERNELS = ("max_pool2d", "relu")

backend = kernels.get("cpu")


def convolutions():
    """Every convolution of the documents' networks, without repetition, by its description.

    Each comes with the geometry of the pooling that is fused with it, or ``None``. Fused ones stand
    beside the plain ones: `fusion` runs these where ReLU follows.
    """
    plain, fused = {}, {}
    for network in NETWORKS.values():
        for size, pooling in network.convolutions():
            plain[str(size)] = size, None
            if pooling and FUSED_SHAPES.keys() <= vars(backend).keys():
                cells = pooling.window
                pool = f", pool {cells[0]}×{cells[1]}" if cells > (1, 1) else ""
                fused[f"{size}, ReLU{pool}"] = size, pooling
    return plain, fused


def deeper_convolutions():
    """The convolutions of `DEEPER`, as `convolutions` gives them."""
    found = {}
    for images, side, channels, filters, window, stride in DEEPER:
        geometry = Geometry.of((side, side), (window, window), (stride, stride), "same")
        size = Convolution(images, channels, filters, geometry)
        found[str(size)] = size, None
    return found


def convolution_calls(size, pooling):
    """The three kernels of a convolution: functions, and the bytes each has to move, by way.

    Also how many operations each is: two for every multiply-add, those with the zeros of the
    padding included. With ``pooling``, they are the fused kernels.
    """
    geometry = size.geometry
    x = random((size.images, *geometry.image, size.channels))
    kernel = random((*geometry.window, size.channels, size.filters))
    out = random((size.images, *(pooling or geometry).output, size.filters))
    x_gradient, kernel_gradient = backend.empty(x.shape), backend.empty(kernel.shape)
    result = backend.empty(out.shape)
    if pooling is None:
        arguments = {
            "conv2d": (x, kernel, geometry, result),
            "conv2d_input_gradient": (out, kernel, geometry, x_gradient),
            "conv2d_kernel_gradient": (x, out, geometry, kernel_gradient),
        }
    else:
        bias, argmax = random((size.filters,)), backend.empty(out.shape, np.uint8)
        geometries = geometry, pooling
        arguments = {
            "fused_conv2d": (x, kernel, bias, *geometries, True, result, argmax),
            "fused_conv2d_input_gradient": (out, argmax, kernel, None, *geometries, x_gradient),
            "fused_conv2d_kernel_gradient": (x, out, argmax, *geometries, kernel_gradient),
        }
        backend.fused_conv2d(*arguments["fused_conv2d"])  # fills argmax
    calls = [(call(name, *given), bytes_of(given)) for name, given in arguments.items()]
    calls = dict(zip(WAYS, calls, strict=True))
    return calls, 2 * size.images * prod(geometry.output) * kernel.size


def memory_calls():
    """The kernels that do little with each number: functions, and the bytes each has to move."""
    geometry = Geometry.of(ACTIVATIONS[1:3], (2, 2), (2, 2), "valid")
    small_shape = (ACTIVATIONS[0], *geometry.output, ACTIVATIONS[-1])
    x, y, gradient, out = (random(ACTIVATIONS) for _ in range(4))
    small, small_out = random(small_shape), random(small_shape)
    argmax = backend.empty(small_shape, np.uint8)
    backend.max_pool2d(x, geometry, small_out, argmax)
    cells = backend.asarray(np.ones((2, 2)))
    window = Geometry.of(ACTIVATIONS[1:3], (3, 3), (1, 1), "same")
    filters, filter_sums = random((3, 3, ACTIVATIONS[-1], 1)), random((3, 3, ACTIVATIONS[-1], 1))
    maps, more_maps = gradient.reshape(*ACTIVATIONS, 1), out.reshape(*ACTIVATIONS, 1)
    mean, variance, gamma, beta = (random(ACTIVATIONS[-1:]) for _ in range(4))
    sums, more_sums = random(ACTIVATIONS[-1:]), random(ACTIVATIONS[-1:])
    arguments = {
        "max_pool2d": (x, geometry, small_out, argmax),
        "max_pool2d_gradient": (small, argmax, geometry, out),
        "average_pool2d": (x, cells, geometry, small_out),
        "average_pool2d_gradient": (small, cells, geometry, out),
        "upsample2d": (small, out),
        "upsample2d_gradient": (gradient, small_out),
        "lp_pool2d": (x, 2, geometry, small_out),
        "lp_pool2d_gradient": (small, x, small_out, 2, geometry, out),
        "depthwise_conv2d": (x, filters, window, more_maps),
        "depthwise_conv2d_input_gradient": (maps, filters, window, out),
        "depthwise_conv2d_kernel_gradient": (x, maps, window, filter_sums),
        "add_bias": (x, beta, out),
        "bias_gradient": (gradient, sums),
        "add": (x, gradient, out),
        "relu": (x, out),
        "relu_gradient": (gradient, y, out),
        "sigmoid": (x, out),
        "sigmoid_gradient": (gradient, y, out),
        "tanh": (x, out),
        "tanh_gradient": (gradient, y, out),
        "dropout": (x, 0.5, 2**33 + 1, out),
        "batch_moments": (x, mean, variance),
        "batch_norm": (x, mean, variance, gamma, beta, 1e-3, out),
        "batch_norm_gradient": (
            gradient, x, mean, variance, gamma, 1e-3, out, sums, more_sums
        ),
        "layer_norm": (x, gamma, beta, 1e-3, out),
        "layer_norm_gradient": (gradient, x, gamma, 1e-3, out, sums, more_sums),
    }  # fmt: skip
    return {name: (call(name, *given), bytes_of(given)) for name, given in arguments.items()}


def bytes_of(arguments):
    """The bytes of all arrays that a kernel is given, each once."""
    return sum(given.nbytes for given in arguments if isinstance(given, np.ndarray))


def copying():
    """A copy of an array of the `ACTIVATIONS`' size, and the bytes that it moves."""
    source = random(ACTIVATIONS).reshape(-1)
    target = np.empty_like(source)
    return lambda: copy(source, target), source.nbytes + target.nbytes


def call(name, *arguments):
    kernel = getattr(backend, name)
    return lambda: kernel(*arguments)


def random(shape):
    """Numbers of both signs, so that a ReLU has something to do."""
    return backend.asarray(np.random.default_rng(len(shape)).standard_normal(shape))


def measure(calls, rounds, seconds):
    """The median seconds of each call, all taken in turn."""
    counts = {}
    for name, function in progress(calls.items(), "compiling"):
        function()
        counts[name] = max(1, round(seconds / timed(function, 2)))
    times = {name: [] for name in calls}
    for _ in progress(range(rounds), "measuring"):
        for name, function in calls.items():
            times[name].append(timed(function, counts[name]))
    return {name: median(values) for name, values in times.items()}


def timed(function, count):
    """The seconds of one call, from ``count`` of them."""
    start = time.perf_counter()
    for _ in range(count):
        function()
    return (time.perf_counter() - start) / count


def convolution_tables(options, report):
    tables = *convolutions(), deeper_convolutions()
    if options.quick:
        tables = [dict(list(table.items())[:QUICK_CONVOLUTIONS]) for table in tables]
    plain, fused, deeper = tables
    results = np.empty(options.threads, np.float32)
    copies, copied = copying()
    calls, bytes_, operations = {PEAK: lambda: multiply_adds(TURNS, results), COPY: copies}, {}, {}
    for words, shape in (plain | fused | deeper).items():
        three, operations[words] = convolution_calls(*shape)
        for way, (function, size) in three.items():
            calls[words, way], bytes_[words, way] = function, size
    times = measure(calls, options.rounds, options.seconds)

    most = options.threads * TURNS * OPERATIONS / times[PEAK]
    bytes_per_second = copied / times[COPY]
    titles = "Convolutions", "Convolutions fused with what follows", "Those of deeper networks"
    for shapes, title in zip(tables, titles, strict=True):
        rows = []
        for words in shapes:
            cells = []
            for way in WAYS:
                least = max(operations[words] / most, bytes_[words, way] / bytes_per_second)
                seconds = times[words, way]
                speed = operations[words] / seconds / 1e9
                cells.append(f"{speed:.0f} ({least / seconds:.0%})")
            rows.append([words, *cells])
        rows.append([PEAK, f"{most / 1e9:.0f}", "", ""])
        if shapes:
            header = ["images, channels, window", *WAYS]
            report.table(f"{title}: GF/s (share of the roofline)", header, rows)


def memory_table(options, report):
    calls = memory_calls()
    if options.quick:
        calls = {name: calls[name] for name in QUICK_KERNELS}
    calls[COPY] = copying()
    functions = {name: function for name, (function, _) in calls.items()}
    times = measure(functions, options.rounds, options.seconds)

    speeds = {name: size / times[name] for name, (_, size) in calls.items()}
    most = speeds[COPY]
    rows = [
        [name, f"{1e6 * times[name]:.0f}", f"{speed / 1e9:.1f}", f"{speed / most:.0%}"]
        for name, speed in speeds.items()
    ]
    shape = "×".join(map(str, ACTIVATIONS))
    title = f"Pooling, elementwise and normalisation kernels on {shape} numbers"
    report.table(title, ["kernel", "µs", "GB/s", "beside a copy"], rows)


def main():
    options = parser(__doc__, ROUNDS)
    add_threads(options)
    options = options.parse_args()
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    options.seconds = QUICK_SECONDS if options.quick else SECONDS
    numba.set_num_threads(options.threads)

    report = Report()
    convolution_tables(options, report)
    memory_table(options, report)
    report.conditions(options.rounds, options.threads)
    report.finish(options.markdown)


if __name__ == "__main__":
    main()
