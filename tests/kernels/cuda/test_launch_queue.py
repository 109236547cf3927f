"""Launches that come again are made as graphs, and the results are those of one by one."""

import gc
from contextlib import contextmanager
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import same_weights

from cnncourse import Sequential, layers, losses, optimizers, schedules
from cnncourse.kernels.cuda import launch_queue
from cnncourse.kernels.cuda.compiler import cuda, jit
from cnncourse.kernels.cuda.graphs import Graph
from cnncourse.kernels.cuda.launch_queue import LaunchQueue, queue


@pytest.fixture(autouse=True)
def nothing_is_known_before():
    """Neither garbage of other tests, which makes room in the pool, nor what they launched."""
    gc.collect()
    queue.forget()


@contextmanager
def counted(monkeypatch):
    """How many launches are made one by one within the block, and how many graphs."""
    counts = {"alone": 0, "graphs": 0}
    alone, graph = LaunchQueue._launch_alone, Graph.launch

    def launch_alone(self, launch):
        counts["alone"] += 1
        alone(self, launch)

    def launch_graph(self, launches):
        counts["graphs"] += 1
        graph(self, launches)

    with monkeypatch.context() as patch:
        patch.setattr(LaunchQueue, "_launch_alone", launch_alone)
        patch.setattr(Graph, "launch", launch_graph)
        yield counts


@pytest.fixture
def forgetful(monkeypatch):
    """A switch that makes the queue launch everything one by one."""

    def switch():
        queue.forget()
        monkeypatch.setattr(LaunchQueue, "_learn", lambda self, launches: None)

    yield switch
    queue.forget()


def network():
    """Convolution, normalisation, dropout, Adam by a schedule: much that changes in each step."""
    chain = [
        layers.Conv2D(3, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.Dropout(0.4),
        layers.Flatten(),
        layers.Dense(3),
    ]
    model = Sequential(chain, (6, 6, 1), seed=0, device="cuda")
    model.compile(optimizers.Adam(schedules.ExponentialDecay(0.01, 2, 0.7), weight_decay=0.01))
    return model


def data(images=4):
    rng = np.random.default_rng(0)
    return rng.standard_normal((images, 6, 6, 1)), rng.integers(0, 3, images)


def test_a_step_is_two_graphs(monkeypatch):
    """One up to the loss, one for the backward pass and the optimizer."""
    model, batch = network(), data()
    for _ in range(6):
        model.train_on_batch(*batch)
    with counted(monkeypatch) as counts:
        for _ in range(3):
            model.train_on_batch(*batch)
    assert counts == {"alone": 0, "graphs": 6}


def test_a_prediction_is_one_graph(monkeypatch):
    model, (images, _) = network(), data()
    for _ in range(4):
        model.predict(images)
    with counted(monkeypatch) as counts:
        model.predict(images)
    assert counts == {"alone": 0, "graphs": 1}


def trained():
    """The losses and the weights of a training with a smaller last batch and with an evaluation."""
    model = network()
    history = model.fit(*data(18), batch_size=4, epochs=5, validation_data=data(6), verbose=0)
    return history, model


def test_the_same_bits_as_one_by_one(forgetful):
    (as_graphs, first), _ = trained(), forgetful()
    one_by_one, second = trained()
    assert as_graphs == one_by_one
    assert same_weights(first, second)


def test_what_is_changed_by_hand_counts(forgetful):
    """Weights put in, a learning rate, a frozen layer, other images: each from the next step on."""

    def steps():
        chain = [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)]
        model = Sequential(chain, (6, 6, 1), seed=0, device="cuda")
        model.compile(optimizers.SGD(0.1, momentum=0.9))
        x, y = data(2)
        found = []
        for step in range(30):
            if step == 10:
                kernel = model.layers[0].parameters["kernel"]
                model.layers[0].parameters["kernel"] = np.asarray(kernel) * 2
            if step == 15:
                model.optimizer.learning_rate = 0.01
            if step == 20:
                model.layers[0].trainable = False
            if step == 25:
                x = x[::-1] * 0.5
            found.append(model.train_on_batch(x, y))
        return found, model

    (as_graphs, first), _ = steps(), forgetful()
    one_by_one, second = steps()
    assert as_graphs == one_by_one
    assert same_weights(first, second)


def test_arrays_that_somebody_holds_stay_as_they_are():
    model, batch = network(), data()
    kept = []
    for _ in range(8):
        model.train_on_batch(*batch)
        gradient = model.layers[0].gradients["kernel"]
        kept.append((gradient, np.array(gradient)))
    assert all(np.array_equal(array, then) for array, then in kept)
    assert len({then.tobytes() for _, then in kept}) == len(kept)


def test_two_threads_train_as_if_alone():
    alone = [network(), network()]
    together = [network(), network()]
    batches = data(4), data(5)

    def train(model, batch):
        for _ in range(12):
            model.train_on_batch(*batch)

    for model, batch in zip(alone, batches, strict=True):
        train(model, batch)
    threads = [Thread(target=train, args=pair) for pair in zip(together, batches, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, together, strict=True):
        assert same_weights(one, other)


@jit
def plus(x, addend, out):
    k = cuda.grid(1)
    if k < out.size:
        out[k] = x[k] + addend[0]


class Chain:
    """Launches on a queue of its own: each array is the one before it plus a number."""

    def __init__(self):
        self.queue = LaunchQueue()
        self.arrays = [cuda.to_device(np.zeros(3, np.float32)) for _ in range(6)]

    def run(self, *addends):
        """What the last of so many arrays holds."""
        for k, addend in enumerate(addends):
            x, out = self.arrays[k : k + 2]
            self.queue.launch(plus, 1, 32, (x, np.array([addend], np.float32), out))
        self.queue.before_reading()
        return self.arrays[len(addends)].copy_to_host().tolist()


places = st.integers(0, 3)
steps = st.one_of(
    st.tuples(st.just("launch"), places, places),
    st.tuples(st.just("write"), places),
    st.tuples(st.just("read"), places),
)
rounds = st.lists(st.lists(steps, min_size=1, max_size=6), min_size=1, max_size=3)


@settings(max_examples=200, deadline=None)
@given(rounds=rounds, order=st.lists(st.integers(0, 2), min_size=4, max_size=10))
def test_whatever_comes_in_whatever_order(rounds, order):
    """Launches, writings and readings, in rounds that come again and get mixed up."""
    queue = LaunchQueue()
    arrays = [cuda.to_device(np.zeros(1, np.float32)) for _ in range(4)]
    expected = [0.0] * 4
    number = 0
    for turn in order:
        for kind, place, *target in rounds[turn % len(rounds)]:
            number += 1
            if kind == "launch":
                (target,) = target
                addend = np.array([number], np.float32)
                queue.launch(plus, 1, 1, (arrays[place], addend, arrays[target]))
                expected[target] = expected[place] + number
            elif kind == "write":
                queue.before_writing(arrays[place])
                arrays[place].copy_to_device(np.array([number], np.float32))
                expected[place] = number
            else:
                queue.before_reading()
                assert arrays[place].copy_to_host().item() == expected[place]
    queue.before_reading()
    assert [array.copy_to_host().item() for array in arrays] == expected


def test_an_order_is_known_the_third_time(monkeypatch):
    chain = Chain()
    expected = [{"alone": 3, "graphs": 0}, {"alone": 3, "graphs": 0}, {"alone": 0, "graphs": 1}]
    for time, counts_then in enumerate(expected):
        with counted(monkeypatch) as counts:
            assert chain.run(1, 2, time) == [3 + time] * 3
        assert counts == counts_then


def test_part_of_an_order_and_more_than_it(monkeypatch):
    chain = Chain()
    for _ in range(3):
        chain.run(1, 2, 3)
    with counted(monkeypatch) as counts:
        assert chain.run(4, 5) == [9] * 3  # less than the graph: one by one
    assert counts == {"alone": 2, "graphs": 0}
    for _ in range(2):
        chain.run(4, 5)
    with counted(monkeypatch) as counts:
        assert chain.run(6, 7) == [13] * 3
        assert chain.run(1, 1, 1) == [3] * 3
        assert chain.run(1, 2, 3, 4, 5) == [15] * 3  # the graph, and two more
    assert counts == {"alone": 2, "graphs": 3}


def test_what_turns_out_to_be_another_order(monkeypatch):
    chain = Chain()
    for _ in range(3):
        chain.run(1, 2, 3)
    first, second, third, *_, other = chain.arrays
    with counted(monkeypatch) as counts:
        for x, out in (first, second), (second, other):
            chain.queue.launch(plus, 1, 32, (x, np.array([5], np.float32), out))
        assert counts == {"alone": 2, "graphs": 0}
        assert other.copy_to_host().tolist() == [10] * 3


def test_writing_waits_for_launches_that_use_the_array():
    chain = Chain()
    for _ in range(3):
        chain.run(1, 2, 3)
    first, second, *_ = chain.arrays
    chain.queue.launch(plus, 1, 32, (first, np.array([1], np.float32), second))  # held back
    chain.queue.before_writing(first)
    first.copy_to_device(np.full(3, 100, np.float32))
    chain.queue.before_reading()
    assert second.copy_to_host().tolist() == [1] * 3


def test_launches_without_an_end_are_not_kept(monkeypatch):
    monkeypatch.setattr(launch_queue, "MOST_LAUNCHES", 10)
    chain = Chain()
    for _ in range(100):
        arguments = chain.arrays[0], np.zeros(1, np.float32), chain.arrays[1]
        chain.queue.launch(plus, 1, 32, arguments)
    assert len(chain.queue._launched) <= 10


def test_graphs_are_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr(launch_queue, "MOST_GRAPHS", 2)
    monkeypatch.setattr(launch_queue, "MOST_SEEN", 3)
    chain = Chain()
    for count in (2, 3, 4, 5):
        for _ in range(3):
            assert chain.run(*[1] * count) == [count] * 3
    assert chain.queue._graphs <= 2 and len(chain.queue._seen) <= 3


@pytest.mark.filterwarnings("ignore:overflow")
def test_a_loss_that_is_not_finite_changes_no_weight():
    """Neither backward pass nor optimizer are launched, though they were in each step before."""
    model = Sequential([layers.Flatten(), layers.Dense(3)], (6, 6, 1), seed=0, device="cuda")
    model.compile(optimizers.SGD(0.01), losses.Euclidean())
    images, targets = data()[0], np.zeros((4, 3))
    for _ in range(6):
        model.train_on_batch(images, targets)
    before = model.get_weights()
    assert not np.isfinite(model.train_on_batch(images, targets + 1e30))
    assert same_weights(before, model)
    assert np.isfinite(model.train_on_batch(images, targets))
