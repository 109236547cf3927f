"""The GPU ladder: kernels right, or wrong as promised; counts that the simulator counts, too."""

import os
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cnncourse import kernels, plots, timing
from cnncourse.chapters import fast_kernels_on_the_gpu as gpu_ladder
from cnncourse.chapters.fast_kernels_on_the_gpu import (
    adding_up,
    charts,
    first_kernels,
    interleaving,
    pictures,
    warps,
)
from cnncourse.kernels import gpu_detection
from cnncourse.kernels.cuda import graphs
from cnncourse.kernels.cuda.compiler import cuda
from cnncourse.kernels.cuda.launch_queue import queue
from cnncourse.kernels.geometry import Geometry
from cnncourse.plots.boxes import ORANGE
from cnncourse.support.rounding import gamma

SIMULATED = gpu_detection.detect().simulated
RUNGS = {
    rung.__name__: rung
    for rung in (
        gpu_ladder.naive,
        gpu_ladder.tiled,
        gpu_ladder.register_tiled,
        gpu_ladder.course,
    )
}
# images, height, width, channels; window height, window width, filters
SIZES = [
    (1, 1, 1, 1, 1, 1, 1),
    (2, 5, 4, 3, 2, 3, 5),
    (1, 4, 9, 17, 2, 3, 3),  # several steps of a sum
    (3, 6, 5, 1, 3, 2, 35),  # several blocks, down and across
    (0, 5, 5, 3, 3, 3, 4),
]
simulated = pytest.mark.skipif(not SIMULATED, reason="a real GPU counts no accesses")


def drawn(sizes):
    images, height, width, channels, window_height, window_width, filters = sizes
    rng = np.random.default_rng(sizes)
    x = rng.standard_normal((images, height, width, channels), dtype=np.float32)
    shape = (window_height, window_width, channels, filters)
    return x, rng.standard_normal(shape, dtype=np.float32)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("name", RUNGS)
def test_every_rung_is_right(name, sizes):
    x, kernel = drawn(sizes)
    out = RUNGS[name](x, kernel)
    assert out.dtype == np.float32
    assert timing.error_share(out, x, kernel) <= 1
    assert np.all(abs(out - timing.simd(x, kernel)) <= gpu_ladder.tolerance(x, kernel))


def test_register_tiles_take_strides_and_padding():
    rng = np.random.default_rng(0)
    x, kernel = drawn((2, 7, 6, 3, 3, 2, 5))
    geometry = Geometry.of((7, 6), (3, 2), (2, 3), (1, 1))
    exact = np.empty((2, *geometry.output, 5))
    kernels.get("reference").conv2d(x.astype(float), kernel.astype(float), geometry, exact)
    out = cuda.to_device(rng.standard_normal(exact.shape, dtype=np.float32))
    side, tile = gpu_ladder.register_tiled_kernel.SIDE, gpu_ladder.register_tiled_kernel.TILE
    grid = -(-exact.size // 5 // tile), 1
    gpu_ladder.register_tiled_kernel.register_conv2d[grid, (side, side)](
        cuda.to_device(x), cuda.to_device(kernel), geometry.strides, geometry.before, out
    )
    assert np.allclose(out.copy_to_host(), exact, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", RUNGS)
def test_arrays_that_do_not_fit_are_refused(name):
    x, kernel = drawn((1, 5, 4, 3, 2, 3, 5))
    with pytest.raises(TypeError, match="x must be an array of float32, got float64"):
        RUNGS[name](x.astype(float), kernel)
    with pytest.raises(ValueError, match="3 channels, but the kernel has weights for 2"):
        RUNGS[name](x, kernel[:, :, 1:])


@simulated
@pytest.mark.parametrize("sizes", SIZES[:-1], ids=str)
@pytest.mark.parametrize(
    ("name", "tile"),
    [("naive", None), ("tiled", gpu_ladder.TILED), ("register_tiled", gpu_ladder.REGISTERS)],
)
def test_loads_are_what_the_simulator_counts(name, tile, sizes, monkeypatch):
    import simulator

    counted = {}
    for kind in simulator.Global, simulator.Shared:

        def counting(array, index, kind=kind, read=kind.__getitem__):
            counted[kind] = counted.get(kind, 0) + 1
            return read(array, index)

        monkeypatch.setattr(kind, "__getitem__", counting)
    x, kernel = drawn(sizes)
    out = RUNGS[name](x, kernel)
    if tile is None:
        loads = gpu_ladder.naive_loads(x, kernel)
    else:
        loads = gpu_ladder.tiled_loads(x, kernel, tile)
    assert loads.memory == counted[simulator.Global]
    assert loads.shared == counted.get(simulator.Shared, 0)
    assert loads.multiply_adds == out.size * kernel[..., 0].size


def test_threads_know_where_they_are():
    block, thread = (cuda.to_device(np.full(10, -1)) for _ in range(2))
    first_kernels.where_am_i[3, 4](block, thread)
    assert block.copy_to_host().tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert thread.copy_to_host().tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]


@simulated
@pytest.mark.parametrize("kernel", [adding_up.losing_sum, adding_up.surely_losing_sum])
def test_the_wrong_sums_are_races(kernel):
    import simulator

    x, total = cuda.to_device(np.ones(32, np.float32)), cuda.to_device(np.zeros(1, np.float32))
    with pytest.raises(simulator.Race):
        kernel[1, 32](x, total)


@pytest.mark.parametrize("count", [1, 31, 32, 33, 70])
def test_the_cures_are_right(count):
    numbers = np.random.default_rng(count).integers(-9, 9, count).astype(np.float32)
    x, total = cuda.to_device(numbers), cuda.to_device(np.zeros(1, np.float32))
    parts = cuda.to_device(np.full(3, np.nan, np.float32))
    adding_up.atomic_sum[3, 32](x, total)
    adding_up.block_sums[3, adding_up.THREADS](x, parts)
    assert total.copy_to_host().item() == parts.copy_to_host().sum() == numbers.sum()


def test_block_sums_add_in_pairs():
    numbers = np.random.default_rng(0).random(64, dtype=np.float32)
    parts = cuda.device_array(2, np.float32)
    adding_up.block_sums[2, adding_up.THREADS](cuda.to_device(numbers), parts)
    assert np.array_equal(parts.copy_to_host(), gpu_ladder.in_pairs(numbers.reshape(2, 32)))


ON_A_COMPUTER_WITHOUT_A_GPU = """
import sys
import numpy as np
sys.setswitchinterval(1e-4)
from cnncourse.chapters.fast_kernels_on_the_gpu import adding_up, exercises
from cnncourse.kernels.cuda.compiler import cuda, jit
for _ in range(3):
    x, total = cuda.to_device(np.ones(32, np.float32)), cuda.to_device(np.zeros(1, np.float32))
    adding_up.surely_losing_sum[1, 32](x, total)
    print(total.copy_to_host().item())

@jit
def no_guard(x, out):
    k = cuda.grid(1)
    out[k] = min(max(x[k], np.float32(0)), np.float32(1))

print(exercises.check_clip(no_guard))
"""


def test_numbas_own_simulator_shows_what_the_chapter_says():
    """The chapter has no stricter one: there the losing sum loses, and says nothing."""
    done = subprocess.run(
        [sys.executable, "-c", ON_A_COMPUTER_WITHOUT_A_GPU],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    *sums, said = done.stdout.splitlines()
    assert sums == ["1.0"] * 3, done.stderr
    assert said.startswith("not yet: a thread without an element went on")


def test_all_orders_of_two_threads():
    ends = {order: interleaving.steps(order)[-1].number for order in interleaving.orders(2)}
    assert ends == {
        (0, 0, 1, 1): 2,
        (1, 1, 0, 0): 2,
        (0, 1, 0, 1): 1,
        (0, 1, 1, 0): 1,
        (1, 0, 0, 1): 1,
        (1, 0, 1, 0): 1,
    }


@pytest.mark.parametrize("threads", [1, 2, 3, 4])
def test_only_orders_without_mixing_are_right(threads):
    right = [
        order
        for order in interleaving.orders(threads)
        if interleaving.steps(order)[-1].number == threads
    ]
    assert all(order[::2] == order[1::2] for order in right)
    assert len(right) == interleaving.outcomes(threads)[threads] == np.prod(range(1, threads + 1))


@pytest.mark.parametrize("order", [[], [0], [0, 1, 0], [0, 0, 0, 1, 1]])
def test_orders_with_a_step_missing_are_refused(order):
    with pytest.raises(ValueError, match="two turns, to read and to write"):
        interleaving.steps(order)


def test_launches_are_counted_by_name():
    backend = kernels.get("cuda")
    array = backend.asarray(np.ones((2, 3)))
    configure = type(adding_up.atomic_sum).__getitem__
    with gpu_ladder.launches() as counted:
        backend.relu(array, array)
        backend.relu(array, array)
        backend.bias_gradient(array, backend.empty(3))
    assert counted == {"relu": 2, "column_sums": 1}
    assert type(adding_up.atomic_sum).__getitem__ is configure
    backend.relu(array, array)
    assert counted["relu"] == 2


@pytest.mark.parametrize("on_a_gpu", [False, True])
def test_a_graph_is_one_launch(on_a_gpu, monkeypatch):
    def written_down(calls):
        for kernel, grid, threads, _ in calls:
            kernel[grid, threads]
        return calls

    queue.forget()
    if on_a_gpu:  # there, launches are configured to be written down, and are none yet
        monkeypatch.setattr(graphs, "captured", written_down)
    backend = kernels.get("cuda")
    array, sums = backend.asarray(np.ones((2, 3))), backend.empty(3)
    counts = []
    for _ in range(4):
        with gpu_ladder.launches() as counted:
            backend.relu(array, array)
            backend.bias_gradient(array, sums)
        counts.append(dict(counted))
    assert counts == [{"relu": 1, "column_sums": 1}] * 2 + [{"graph": 1}] * 2


def test_costs_add_up():
    costs = gpu_ladder.Costs(launch=1, copy=10, bus=4, gpu=8, cpu=2)
    assert costs.on_cpu(5, layers=3) == 3 * 5 * 8 / 2
    assert costs.on_gpu(5, layers=3) == 3 * (1 + 5)
    assert costs.there_and_back(5) == 2 * (10 + 5)
    assert costs.worth_it(0) == np.inf
    for numbers in 5, 50, 5000:
        layers = costs.worth_it(numbers)
        saved = [
            costs.on_cpu(numbers, k) - costs.on_gpu(numbers, k) - costs.there_and_back(numbers)
            for k in (layers - 1, layers)
        ]
        assert saved[0] <= 0 < saved[1]


def test_what_is_measured_is_measured_on_a_gpu_only():
    x, kernel = drawn((2, 5, 4, 3, 2, 3, 5))
    measured, speeds = gpu_ladder.measured(2**16, 0.01), gpu_ladder.speeds(x, kernel, 0.01)
    if SIMULATED:
        assert measured is None and speeds == {}
    else:
        assert min(measured.launch, measured.copy, measured.bus, measured.gpu, measured.cpu) > 0
        assert list(speeds) == list(RUNGS)


def test_sums_in_any_order_stay_within_the_bound():
    numbers = np.random.default_rng(1).standard_normal(512).astype(np.float32)
    exact, size = numbers.astype(float).sum(), abs(numbers.astype(float)).sum()
    orders = gpu_ladder.in_random_orders(numbers, 100)
    assert len(set(orders.tolist())) > 10
    assert np.all(abs(orders - exact) <= gamma(511) * size)
    assert abs(gpu_ladder.in_pairs(numbers) - exact) <= gamma(9) * size
    total = np.float32(0)
    for number in numbers:
        total += number
    assert gpu_ladder.one_by_one(numbers) == total
    for count in 0, 3, 12:
        with pytest.raises(ValueError, match="a power of two"):
            gpu_ladder.in_pairs(numbers[:count])


ALL_BY_EACH = """
from cnncourse.chapters.fast_kernels_on_the_gpu import exercises
from cnncourse.kernels.cuda.compiler import jit

@jit
def each_thread_clips_all(x, out):
    for k in range(x.size):
        out[k] = min(max(x[k], exercises.ZERO), exercises.ONE)

print(exercises.check_clip(each_thread_clips_all))
"""


def test_a_race_that_happens_to_agree_is_named():
    """In numba's own simulator, as the reader has it: the tests' stricter one raises an error."""
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"} if SIMULATED else None
    done = subprocess.run([sys.executable, "-c", ALL_BY_EACH], env=environment,
                          capture_output=True, text=True, timeout=300)  # fmt: skip
    assert done.stdout.startswith("not yet: one thread alone wrote 11 elements"), done.stderr


def test_the_pictures_say_what_they_show():
    steps, costs = interleaving.steps, gpu_ladder.Costs()
    x, kernel = drawn((1, 5, 4, 3, 2, 3, 5))
    figures = [
        pictures.grid(12, 4),
        pictures.interleavings(steps([0, 0, 1, 1]), steps([1, 0, 0, 1])),
        pictures.tree([3, 1, 2, 5]),
        pictures.tiles(),
        charts.outcomes({2: interleaving.outcomes(2), 3: interleaving.outcomes(3)}),
        charts.loads({"naive": gpu_ladder.naive_loads(x, kernel)}),
        charts.transfers(costs, layers=(4,)),
        charts.sums(np.array([1.0, 1.5]), 1.25, 1.0),
        charts.launches({"relu": 3, "dense": 1}, costs),
        warps.coalescing(),
        warps.divergence(),
    ]
    for figure in figures:
        assert len(figure.alt) > 30
        assert figure.png().startswith(b"\x89PNG")
    assert figures[0].alt.endswith("none is idle")
    assert [ax.get_title() for ax in figures[1].axes] == [
        "the end: 2",
        "the end: 1, an update is lost",
    ]
    assert figures[2].alt.endswith("At first 3, 1, 2, 5; then 5, 6; then 11")


def test_bars_and_curves_are_as_high_as_the_numbers():
    found = gpu_ladder.Loads(multiply_adds=100, memory=50, shared=150)
    memory, shared = charts.loads({"a kernel": found}).axes
    assert [bar.get_width() for bar in (*memory.patches, *shared.patches)] == [0.5, 1.5]
    costs = gpu_ladder.Costs()
    one, seven = charts.transfers(costs, layers=(1, 7)).axes
    assert one.get_ylim() == seven.get_ylim()  # equal work can be compared
    cpu, there, copied = (line.get_ydata() for line in seven.lines)
    sizes = seven.lines[0].get_xdata()
    assert np.allclose(cpu, [costs.on_cpu(n, 7) for n in sizes])
    assert np.allclose(copied - there, [costs.there_and_back(n) for n in sizes])


def test_labels_do_not_meet_the_ceiling():
    figure = charts.launches({"relu": 19}, gpu_ladder.Costs())
    figure.png()  # draws
    (ax,) = figure.axes
    ceiling = ax.transData.transform((0, 500_000))[1]
    for label in ax.texts:
        box = label.get_window_extent()
        assert box.y1 < ceiling or box.y0 > ceiling, label.get_text()


def test_errors_are_shown_beside_their_bound():
    near, far = charts.sums(np.array([1.0, 1.25, 1.5]), 1.25, 50.0).axes
    low, high = near.get_xlim()
    assert -0.5 < low < -0.25 and 0.25 < high < 0.5
    assert [line.get_xdata()[0] for line in far.lines] == [-50, 50]
    assert far.get_xlim() == pytest.approx((-55, 55))
    assert sum(bar.get_height() for bar in far.patches) == 3


def test_segments_are_those_that_hold_the_values():
    assert [warps.segments(stride) for stride in (1, 2, 4, 8, 64)] == [4, 8, 16, 32, 32]
    for ax, stride in zip(warps.coalescing((1, 4)).axes, (1, 4), strict=True):
        cells = [patch for patch in ax.patches if patch.get_y() == 4]
        used = [cell for cell in cells if cell.get_facecolor()[:3] == to_rgb(ORANGE)]
        assert len(used) == 8 and len(cells) == 32
        assert f"{warps.segments(stride, 8)} segment" in ax.get_title()


def test_a_warp_goes_both_ways_if_its_threads_disagree():
    mixed, agreed = warps.branches([True, False, True], [False, False, False])
    assert [step for step, _ in mixed] == ["if", "then", "else", "after"]
    assert dict(mixed)["then"] == [True, False, True]
    assert dict(mixed)["else"] == [False, True, False]
    assert [step for step, _ in agreed] == ["if", "else", "after"]
    assert "8 steps together" in warps.divergence().alt and "6 steps." in warps.divergence().alt


@pytest.mark.parametrize(
    ("kernel", "count"),
    [
        (gpu_ladder.tiled_kernel.tiled_conv2d, 3),
        (gpu_ladder.register_tiled_kernel.register_conv2d, 4),
    ],
)
def test_the_parts_are_the_kernel(kernel, count):
    shown = "\n".join(str(gpu_ladder.part(kernel, k + 1)) for k in range(count))
    lines = [line.strip() for line in plots.source(kernel).text.splitlines()]
    assert [line.strip() for line in shown.splitlines()] == lines[-len(shown.splitlines()) :]
    assert all(len(gpu_ladder.part(kernel, k + 1).text.splitlines()) <= 14 for k in range(count))
    with pytest.raises(ValueError, match=f"has no part {count + 1}, but {count} parts"):
        gpu_ladder.part(kernel, count + 1)


def test_the_first_cell_of_the_chapter_can_decide():
    """Without a GPU: ``missing`` answers before numba is imported, and numba then simulates."""
    code = (
        "import os, sys; from cnncourse.kernels import gpu_detection as gpu\n"
        "early = 'numba' in sys.modules\n"
        "if gpu.missing(): os.environ['NUMBA_ENABLE_CUDASIM'] = '1'\n"
        "print(early, gpu.detect().usable, bool(gpu.missing()) == gpu.detect().simulated)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stdout == "False True True\n", done.stderr
