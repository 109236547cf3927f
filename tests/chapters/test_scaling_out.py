"""The simulation of the chapter on scaling out, its kept results, its drawings and its cluster."""

import sys
from dataclasses import replace
from math import inf, isclose

import pytest

from cnncourse.chapters.scaling_out import exercises, live, measured, scaling, simulation, timeline
from cnncourse.distributed.timeline import Span

FREE = simulation.Costs(
    images=64, micro_batches=8, image=0.01, pack=0, add=0, step=0, latency=0, handling=0,
    bandwidth=inf, weights=1000,
)  # fmt: skip


def seconds(costs, workers):
    return simulation.step_seconds(simulation.ours(costs, workers))


@pytest.mark.parametrize(
    "workers, pieces", [(1, 8), (2, 4), (3, 3), (4, 2), (7, 2), (8, 1), (99, 1)]
)
def test_without_messages_the_slowest_worker_counts(workers, pieces):
    expected = pieces * 8 * 0.01
    assert isclose(seconds(FREE, workers), expected)
    assert isclose(simulation.parameter_server(FREE, workers), expected)
    assert isclose(simulation.ring(FREE, workers), expected)


def test_shared_cores_do_all_the_work_there_is():
    for cores in (1, 2, 3.5):
        for workers in (4, 8):
            assert isclose(seconds(replace(FREE, cores=cores), workers), 0.64 / cores)
    assert isclose(seconds(replace(FREE, cores=2), 1), 0.64)  # one worker has one of them


def test_messages_of_a_client_go_one_after_the_other():
    nothing_to_compute = replace(FREE, image=0, bandwidth=1e6, handling=0.002)
    for workers in (1, 2, 4, 8):  # each gets 1,000 bytes, and sends one branch
        assert isclose(seconds(nothing_to_compute, workers), workers * 2 * (0.001 + 0.001))


def test_a_worker_sends_the_branches_that_it_has():
    """Three workers have 0 to 2, 3 to 5, and 6 and 7: two branches, two and one."""
    costs = replace(FREE, image=0, bandwidth=1e6)
    assert isclose(seconds(costs, 3), 0.003 + 0.005)


def test_a_ring_passes_twice_the_gradient():
    costs = replace(FREE, image=0, bandwidth=1e6)
    assert isclose(simulation.ring(costs, 8), 2 * 7 / 8 * 0.001)
    late = replace(FREE, image=0, latency=0.01)
    assert isclose(simulation.ring(late, 8), 2 * 7 * 0.005)


def test_the_simulation_is_within_a_fifth_of_what_was_measured():
    for name, found in measured.STEPS.items():
        for workers in measured.WORKERS:
            ratio = seconds(measured.COSTS[name], workers) / found[workers]
            assert 0.8 < ratio < 1.2, (name, workers, ratio)


def test_the_kept_costs_are_those_of_the_networks():
    for name, (make, size) in measured.NETWORKS.items():
        costs = measured.COSTS[name]
        assert costs.weights == 4 * make().count_params() and costs.images == size
        assert costs.micro_batches == measured.MICRO_BATCHES
        assert set(measured.STEPS[name]) == {0, *measured.WORKERS}


def test_a_timeline_shows_the_last_steps_and_says_what_it_shows():
    spans = []
    for step in range(5):
        begun = 0.1 * step
        spans += [
            Span("client", "pack", begun, begun + 0.01),
            Span("tcp://b:2", "compute", begun + 0.02, begun + 0.05),
            Span("tcp://a:1", "compute", begun + 0.02, begun + 0.08),
            Span("client", "step", begun + 0.09, begun + 0.1),
        ]
    figure = timeline(spans, steps=2)
    assert "in 200 ms" in figure.alt and "client: pack 20 ms, step 20 ms" in figure.alt
    assert "worker 1: compute 120 ms; worker 2: compute 60 ms" in figure.alt
    (ax,) = figure.axes
    assert [text.get_text() for text in ax.get_yticklabels()] == ["client", "worker 1", "worker 2"]


def test_a_timeline_of_one_process():
    figure = timeline([Span("this process", "compute", 0.0, 0.1), Span("client", "step", 0.1, 0.2)])
    assert "worker 1: compute 100 ms" in figure.alt


def test_points_and_lines_in_one_picture():
    figure = scaling({"a": {1: 1.0, 2: 0.5}, "b": {1: 2.0}}, {"c": {2: 0.6}})
    assert len(figure.axes[0].lines) == 3


def test_the_tree_of_the_exercise_is_that_of_the_package():
    from cnncourse.distributed.tree import total

    for count in exercises.COUNTS:
        values = [2.0**-k for k in range(count)]
        leaves = {(0, k): value for k, value in enumerate(values)}
        assert exercises.tree_sum(values) == total(leaves, count)


def test_without_dask_the_chapter_goes_on_alone(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr(live, "find_spec", lambda name: None)
    client = live.client(2)
    assert client is None and 'The extra "distributed" is not installed' in capsys.readouterr().out
    live.kill_one(client)
    live.stop(client)
