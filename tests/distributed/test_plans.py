"""Plans, parts and the tree: pure arithmetic, which no cluster is needed for."""

import numpy as np
import pytest

from cnncourse.datasets.batches import ArrayBatches
from cnncourse.distributed.deal import deal
from cnncourse.distributed.parts import Parts
from cnncourse.distributed.tree import merged, total

SHAPES = [(70, 16, 5), (34, 16, 5), (10, 10, 1), (7, 3, 3), (5, 100, 8), (64, 8, 8)]


def parts_of(count, batch_size, micro_batches, shuffle, seed=0):
    source = ArrayBatches([np.arange(count), 10 * np.arange(count)], batch_size)
    return Parts(source, micro_batches, np.random.default_rng(seed), shuffle)


def one_pass(parts):
    """The images of each micro-batch of each step, in lists."""
    held = [parts.part(k)[0] for k in range(parts.micro_batches)]
    return [
        [held[k][plan.order(k, len(held[k]))[plan.rows(k)]].tolist() for k in range(plan.count)]
        for (plan,) in parts
    ]


@pytest.mark.parametrize("count, batch_size, micro_batches", SHAPES)
def test_in_order_the_batches_are_those_of_fit(count, batch_size, micro_batches):
    found = one_pass(parts_of(count, batch_size, micro_batches, shuffle=False))
    batches = [sum(pieces, []) for pieces in found]
    usual = [images.tolist() for images, _ in ArrayBatches([np.arange(count)] * 2, batch_size)]
    assert batches == usual
    for pieces, batch in zip(found, usual, strict=True):
        assert pieces == [piece.tolist() for piece in np.array_split(batch, micro_batches)
                          if len(piece)]  # fmt: skip


@pytest.mark.parametrize("count, batch_size, micro_batches", SHAPES)
def test_each_image_once_a_pass_and_in_its_own_part(count, batch_size, micro_batches):
    parts = parts_of(count, batch_size, micro_batches, shuffle=True)
    held = [set(parts.part(k)[0]) for k in range(micro_batches)]
    first, second = one_pass(parts), one_pass(parts)
    for found in first, second:
        assert sorted(sum((sum(pieces, []) for pieces in found), [])) == list(range(count))
        for pieces in found:
            for k, piece in enumerate(pieces):
                assert set(piece) <= held[k]
    assert (first != second) == (count > 5)  # of five images, each part has but one


def test_all_arrays_are_cut_alike():
    parts = parts_of(70, 16, 5, shuffle=True)
    for k in range(5):
        images, labels = parts.part(k)
        assert labels.tolist() == (10 * images).tolist()


def test_a_bookmark_brings_a_pass_back():
    parts = parts_of(70, 16, 5, shuffle=True)
    one_pass(parts)
    mark = parts.bookmark()
    second = one_pass(parts)
    parts.go_to(mark)
    assert one_pass(parts) == second


def test_no_two_generators_are_alike():
    (plan,), (other,) = list(parts_of(20, 10, 4, shuffle=True))
    drawn = [
        rng.integers(2**63)
        for each in (plan, other)
        for k in range(4)
        for rng in (each.rng_of_changes(k), each.rng_of_layers(k))
    ]
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("count", [*range(1, 20), 64])
def test_whoever_adds_up_the_bits_are_the_same(count):
    """Branches that workers have summed themselves make up the same tree."""
    rng = np.random.default_rng(count)
    leaves = {(0, k): rng.normal(size=3).astype(np.float32) for k in range(count)}
    at_once = total(leaves, count)
    for workers in (1, 2, 3, count):
        for numbers in (np.arange(count), rng.permutation(count)):
            nodes = {}
            for part in np.array_split(numbers, workers):
                nodes |= merged({(0, int(k)): leaves[0, int(k)] for k in part}, count)
            assert np.array_equal(total(nodes, count), at_once)


def test_neighbours_are_sent_as_one():
    leaves = {(0, k): 1 for k in range(8)}
    first, second = dict(list(leaves.items())[:4]), dict(list(leaves.items())[4:])
    assert merged(first, 8) == {(2, 0): 4} and merged(second, 8) == {(2, 1): 4}


def test_deals_are_equal_and_move_little():
    rng = np.random.default_rng(0)
    for _ in range(200):
        count, workers = int(rng.integers(1, 20)), int(rng.integers(1, 6))
        held = deal([[] for _ in range(workers)], count)
        assert sum(held, []) == list(range(count))
        lost = int(rng.integers(workers))
        others = held[:lost] + held[lost + 1 :]
        after = deal([*others, []], count)
        assert sorted(sum(after, [])) == list(range(count))
        assert max(map(len, after)) - min(map(len, after)) <= 1
        kept = sum(len(set(a) & set(b)) for a, b in zip(others, after, strict=False))
        assert kept >= count - len(held[lost]) - workers
