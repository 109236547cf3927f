"""The speed ladder: every rung computes the same, and what is measured means what it says."""

import time
from itertools import pairwise

import numba
import numpy as np
import pytest
from judge import check_within

from cnncourse import kernels, plots, timing
from cnncourse.chapters import fast_kernels_on_the_cpu as ladder
from cnncourse.chapters.fast_kernels_on_the_cpu.memory_hierarchy import LEVELS
from cnncourse.kernels.geometry import Geometry
from cnncourse.support.rounding import gamma

RUNGS = {
    name: getattr(ladder, name)
    for name in (
        "python_loops",
        "python_lists",
        "numpy_einsum",
        "numpy_matmul",
        "compiled",
        "reordered",
        "unrolled",
        "threaded",
        "simd",
    )
}
# images, height, width, channels; window height, window width, filters
SIZES = [
    (1, 1, 1, 1, 1, 1, 1),
    (2, 7, 5, 1, 3, 2, 5),
    (3, 5, 6, 3, 5, 5, 1),
    (1, 4, 9, 17, 2, 3, 33),
    (2, 6, 19, 3, 1, 1, 17),
    (0, 5, 5, 3, 3, 3, 4),
]


def drawn(sizes):
    images, height, width, channels, window_height, window_width, filters = sizes
    rng = np.random.default_rng(sizes)
    x = rng.standard_normal((images, height, width, channels), dtype=np.float32)
    kernel = rng.standard_normal((window_height, window_width, channels, filters), dtype=np.float32)
    return x, kernel


def reference(x, kernel):
    geometry = Geometry.of(x.shape[1:3], kernel.shape[:2], (1, 1), "valid")
    out = np.empty((len(x), *geometry.output, kernel.shape[3]))
    kernels.get("reference").conv2d(x.astype(float), kernel.astype(float), geometry, out)
    return out


def check(got, x, kernel, name):
    if got.size:
        tolerance = gamma(kernel[..., 0].size) * reference(abs(x), abs(kernel))
        check_within(got, reference(x, kernel), tolerance, name)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("name", RUNGS)
def test_every_rung_is_the_convolution(name, sizes):
    x, kernel = drawn(sizes)
    before = x.copy(), kernel.copy()
    out = RUNGS[name](x, kernel)
    assert out.dtype == np.float32 and out.shape == reference(x, kernel).shape
    check(out, x, kernel, name)
    assert np.array_equal(x, before[0]) and np.array_equal(kernel, before[1])


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(
    "name",
    ["one_sum_at_a_time", "all_filters_together", "four_steps_at_once", "block_by_block"],
)
def test_the_loops_are_right_as_plain_python_too(name, sizes):
    x, kernel = drawn(sizes)
    out = np.full(reference(x, kernel).shape, np.nan, np.float32)
    getattr(ladder.loops, name)(x, kernel, out)
    check(out, x, kernel, name)


def test_a_register_block_may_have_any_size():
    x, kernel = drawn((2, 6, 19, 3, 3, 2, 17))
    for columns, filters in (1, 1), (4, 8), (100, 100):
        out = np.full(reference(x, kernel).shape, np.nan, np.float32)
        ladder.loops.block_by_block(x, kernel, out, columns, filters)
        check(out, x, kernel, f"blocks of {columns} × {filters}")


def test_compiling_changes_no_bit():
    x, kernel = drawn((2, 5, 4, 3, 3, 2, 5))
    assert np.array_equal(ladder.python_loops(x, kernel), ladder.compiled(x, kernel))
    assert np.array_equal(ladder.unrolled(x, kernel), ladder.threaded(x, kernel))


@pytest.mark.parametrize("name", ["threaded", "simd"])
def test_the_number_of_threads_changes_no_bit(name):
    x, kernel = drawn((5, 13, 11, 17, 3, 3, 33))
    results = []
    for count in range(1, timing.all_threads() + 1):
        with timing.threads(count):
            results.append(RUNGS[name](x, kernel))
    assert all(np.array_equal(results[0], result) for result in results)


@pytest.mark.parametrize("name", RUNGS)
def test_arrays_may_lie_in_memory_in_any_way(name):
    x, kernel = drawn((2, 7, 8, 4, 3, 3, 6))
    check(RUNGS[name](x[:, ::2, ::-1, 1:], kernel[..., 1:, ::2]), x[:, ::2, ::-1, 1:],
          kernel[..., 1:, ::2], name)  # fmt: skip


@pytest.mark.parametrize("name", RUNGS)
def test_arrays_that_do_not_fit_are_refused(name):
    rung = RUNGS[name]
    x, kernel = drawn((2, 7, 8, 4, 3, 3, 6))
    with pytest.raises(TypeError, match=r"x must be an array of float32, got float64"):
        rung(x.astype(float), kernel)
    with pytest.raises(TypeError, match=r"kernel must be an array of float32, got list"):
        rung(x, kernel.tolist())
    with pytest.raises(ValueError, match=r"x must have 4 axes, got shape \(7, 8, 4\)"):
        rung(x[0], kernel)
    with pytest.raises(ValueError, match=r"4 channels, but the kernel has weights for 3"):
        rung(x, kernel[:, :, 1:])
    with pytest.raises(ValueError, match=r"a window of 3×3 does not fit on an image of 2×8"):
        rung(x[:, :2], kernel)


def test_windows_as_rows_holds_each_window_once():
    x, kernel = drawn((2, 5, 4, 3, 3, 2, 5))
    rows = ladder.windows_as_rows(x, (3, 2))
    assert rows.shape == (2 * 3 * 3, 3 * 2 * 3)
    assert np.array_equal(rows[-1].reshape(3, 2, 3), x[-1, -3:, -2:])


def test_the_first_call_is_measured_apart():
    pauses = iter([0.1])

    def slow_at_first():
        time.sleep(next(pauses, 0))

    measured = timing.measure(slow_at_first, operations=10, budget=0)
    assert measured.first >= 0.1 > measured.seconds
    assert measured.calls == 3
    assert measured.speed == pytest.approx(10 / measured.seconds / 1e9)


def test_the_budget_is_spent():
    begin = time.perf_counter()
    measured = timing.measure(time.sleep, 0.01, operations=1, budget=0.1)
    assert 3 <= measured.calls <= 10
    assert time.perf_counter() - begin >= 0.1
    assert measured.seconds >= 0.01


def test_the_bill_of_the_tutorials_second_layer():
    x, kernel = np.zeros((100, 12, 12, 32)), np.zeros((5, 5, 32, 64))
    assert timing.operations(x, kernel) == 2 * 100 * 8 * 8 * 64 * 5 * 5 * 32
    assert timing.traffic(x, kernel) == 4 * (
        100 * 12 * 12 * 32 + 5 * 5 * 32 * 64 + 100 * 8 * 8 * 64
    )


def test_error_share_sees_what_rounding_cannot_explain():
    x, kernel = drawn((2, 7, 5, 3, 3, 2, 5))
    out = ladder.compiled(x, kernel)
    assert 0 < timing.error_share(out, x, kernel) <= 1
    wrong = out.copy()
    wrong[1, 2, 3, 4] += 0.001
    assert timing.error_share(wrong, x, kernel) > 1
    wrong[1, 2, 3, 4] = np.nan
    assert timing.error_share(wrong, x, kernel) == np.inf
    assert timing.error_share(ladder.compiled(0 * x, kernel), 0 * x, kernel) == 0
    assert timing.error_share(out, 0 * x, kernel) == np.inf
    with pytest.raises(ValueError, match=r"expected a result of shape \(2, 5, 4, 5\)"):
        timing.error_share(out[1:], x, kernel)


def test_the_number_of_threads_is_put_back():
    before = numba.get_num_threads()
    with pytest.raises(ZeroDivisionError), timing.threads(1):
        assert numba.get_num_threads() == 1
        1 / 0  # noqa: B018
    assert numba.get_num_threads() == before
    for count in 0, timing.all_threads() + 1:
        with pytest.raises(ValueError), timing.threads(count):
            pass


def test_the_limits_are_above_what_python_does():
    x, kernel = drawn((1, 4, 4, 3, 3, 3, 4))
    python = timing.measure(
        ladder.python_loops, x, kernel, operations=timing.operations(x, kernel), budget=0
    )
    for count in {1, timing.all_threads()}:
        assert timing.peak(count, budget=0.05) > 20 * python.speed
        assert (
            timing.bandwidth(count, megabytes=4, budget=0.05) > 0.05
        )  # a memory of the last century
    assert all(speed > 0.05 for speed in timing.speed_by_size([2**12, 2**20]))


def test_show_gives_the_source_of_compiled_functions_too():
    @numba.njit
    def twice(number):
        return 2 * number

    shown = plots.source(twice)
    assert repr(shown) == "@numba.njit\ndef twice(number):\n    return 2 * number"
    assert shown._repr_markdown_() == f"```python\n{shown}\n```"
    assert repr(plots.source(timing.measure)).startswith("def measure(function")
    with pytest.raises(TypeError):
        plots.source(3)


@pytest.mark.parametrize("name", RUNGS)
def test_the_exercise_accepts_every_rung(name):
    assert ladder.exercises.check_convolution(RUNGS[name])


def test_one_register_block_is_the_best():
    right = [
        (columns, vectors)
        for columns in range(1, 17)
        for vectors in range(1, 17)
        if ladder.exercises.check_register_block(columns, vectors)
    ]
    assert right == [ladder.exercises.register_block()]


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_the_pictures_say_what_they_show():
    measured = timing.Timing(first=0.5, seconds=0.002, calls=7, operations=1)
    figures = [
        ladder.pictures.loop_orders(),
        ladder.pictures.window_runs(),
        ladder.pictures.register_block(columns=3, width=8),
        ladder.pictures.bands(),
        ladder.memory_hierarchy(),
        ladder.patches_as_rows(),
        ladder.charts.calls({"compiled": measured, "threaded": measured}, work=1),
        ladder.charts.speed_ups({"python": 0.005, "compiled": 1.5, "simd": 400}, base="python"),
        ladder.charts.caches([2**14, 2**20, 2**26], [200, 100, 20]),
    ]
    for figure in figures:
        assert len(figure.alt) > 30
        assert figure.png().startswith(b"\x89PNG")
    assert "48 sums" in figures[2].alt
    assert "simd: 80,000" in figures[7].alt


def test_calls_are_compared_for_the_same_work():
    python = timing.Timing(first=0.02, seconds=0.01, calls=7, operations=5)
    compiled = timing.Timing(first=0.5, seconds=0.002, calls=7, operations=1000)
    (ax,) = ladder.charts.calls({"python": python, "compiled": compiled}, work=1000).axes
    drawn = {points.get_label(): points.get_offsets().tolist() for points in ax.collections[1:]}
    assert drawn == {
        "first call": [[0.5, 1]],
        "later calls": [[0.002, 1]],
        "first call, scaled up": [[pytest.approx(2.01), 0]],  # 0.01 s of compiling, once
        "later calls, scaled up": [[pytest.approx(2), 0]],
    }


def test_bars_go_from_the_base_to_the_speed_ups():
    speeds = {"arrays": 0.001, "lists": 0.005, "compiled": 1.5}
    (ax,) = ladder.charts.speed_ups(speeds, base="lists").axes
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert ends == [(1, pytest.approx(0.2)), (1, 1), (1, pytest.approx(300))]
    low, high = ax.get_xlim()
    assert low < 0.2 and 300 < high < 1000  # no empty third


def test_the_hierarchy_grows_and_slows():
    levels = LEVELS
    for near, far in pairwise(levels):
        assert near.bytes[1] <= far.bytes[1] and near.bytes[0] < far.bytes[0]
        assert near.cycles[1] < far.cycles[0]
    (ax,) = ladder.memory_hierarchy().axes
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == sorted(widths) and len(widths) == 5
    for level in levels:
        assert {level.name, level.where} <= set(texts(ax))


def test_patches_are_the_rows():
    axes = ladder.patches_as_rows().axes
    rows = ladder.windows_as_rows(np.arange(9).reshape(1, 3, 3, 1), (2, 2))
    assert len(axes) == 5
    for ax in axes[:4]:
        assert texts(ax) == [str(k) for k in range(9)]
    shown = [int(text) for text in texts(axes[4]) if text.isdigit()]
    assert sorted(shown) == sorted(rows.ravel().tolist())
    assert "; ".join(" ".join(map(str, row)) for row in rows) in axes[4].figure.figure.alt
