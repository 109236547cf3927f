"""The exercises of the chapter on deeper networks, its networks, kept results and drawings."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.going_deeper import (
    block,
    depths,
    exercises,
    gradients_by_layer,
    learning_curves,
    losses_by_depth,
    milestones,
    seen_through_gaps,
    transfer,
)
from cnncourse.datasets.dataset import Split
from cnncourse.gradients import difference, numerical


def test_the_counts_of_the_exercises_are_the_layers():
    seven, three = (layers.Conv2D(32, side, use_bias=False) for side in (7, 3))
    counts = [Sequential([layer], (14, 14, 32)).count_params() for layer in (seven, three)]
    assert counts[0] - 3 * counts[1] == exercises.saved()
    maps = (14, 14, 64)
    ordinary = layers.Conv2D(64, 3, padding="same")
    separable = layers.SeparableConv2D(64, 3, padding="same")
    assert ordinary.multiply_adds(maps) == exercises.STANDARD
    assert separable.multiply_adds(maps) == exercises.SEPARABLE


# The block by hand


def test_the_blocks_passes_are_those_of_the_package():
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(2, 2, 5, 4, 3))
    a, b = rng.normal(size=(2, 3, 3, 3, 3))
    chain = [
        layers.Conv2D(3, 3, padding="same", activation="relu", use_bias=False),
        layers.Conv2D(3, 3, padding="same", use_bias=False),
    ]
    residual = layers.Residual(chain, activation="relu")
    model = Sequential([residual], input_shape=x.shape[1:], device="reference")
    model.set_weights([a, b])
    np.testing.assert_allclose(block.forward(x, a, b), model.forward(x, training=True), atol=1e-12)
    by_a, by_b, by_x = block.backward(x, a, b, g)
    np.testing.assert_allclose(by_x, model.backward(g), atol=1e-12)
    for layer, gradient in zip(chain, (by_a, by_b), strict=True):
        np.testing.assert_allclose(gradient, layer.gradients["kernel"], atol=1e-12)


def test_the_convolutions_backward_pass_agrees_with_finite_differences():
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(2, 4, 3, 2)), rng.normal(size=(3, 3, 2, 4))
    g = rng.normal(size=(2, 4, 3, 4))
    found = block.conv_backward(x, kernel, g)
    for gradient, array in zip(found, (kernel, x), strict=True):
        expected = numerical(lambda: np.sum(g * block.conv(x, kernel)), array)
        assert difference(gradient, expected) < 1e-8


# The networks


@pytest.mark.parametrize("name", milestones.MILESTONES)
def test_a_milestone_has_a_year_a_depth_and_as_many_runs_as_seeds(name):
    model = milestones.model(name)
    assert model.output_shape == (10,)
    assert milestones.depth(model) >= 5
    assert len(milestones.BY_SEED[name]) == len(milestones.SEEDS)
    assert milestones.work(model) == sum(
        layer.multiply_adds(layer.input_shape) for layer in model.layers
    )


def test_lenet_has_its_own_numbers():
    model = milestones.model("LeNet-5")
    assert (model.count_params(), milestones.depth(model)) == (61_706, 5)


def test_a_milestone_is_trained_and_tested():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8)
    few = Split.from_bytes(pixels, np.uint8(range(20)) % 10)
    assert 0 <= milestones.accuracy("separable", 0, few, few, epochs=1) <= 100


@pytest.mark.parametrize("shortcut", [False, True])
def test_depth_is_the_number_of_convolutions_in_pairs(shortcut):
    model = depths.network(6, shortcut, normalise=True)
    assert len(depths.convolutions(model)) == 6
    plain = depths.network(6, False, normalise=True)
    assert model.count_params() == plain.count_params()


def test_the_gradient_dies_without_a_shortcut():
    rng = np.random.default_rng(0)
    images, labels = rng.random((10, 28, 28, 1), np.float32), np.arange(10)
    without, with_it = (
        depths.gradient_norms(depths.network(16, shortcut), images, labels)
        for shortcut in (False, True)
    )
    assert len(without) == len(with_it) == 16
    assert max(without) < 0.01 * min(with_it)


def test_a_training_of_a_depth_gives_its_loss():
    images = np.random.default_rng(0).random((20, 28, 28, 1), np.float32)
    loss = depths.training_loss("plain", 2, 0, images, np.arange(20) % 10, epochs=1)
    assert abs(loss - np.log(10)) < 0.3


def test_all_depths_are_kept_for_all_seeds():
    assert set(depths.LOSSES) == set(depths.KINDS)
    for of in depths.LOSSES.values():
        assert tuple(of) == depths.DEPTHS
        assert {len(runs) for runs in of.values()} == {len(depths.SEEDS)}


# Transfer


def test_classes_are_counted_from_0():
    split = type("split", (), {"images": np.arange(5.0), "labels": np.array([7, 2, 5, 9, 5])})
    images, labels = transfer.classes(split, range(5, 10))
    assert (images.tolist(), labels.tolist()) == ([0, 2, 3, 4], [2, 0, 4, 0])


def test_few_of_each_class_are_drawn():
    labels = np.array([0, 1, 2] * 10)
    chosen = transfer.few_of_each(labels, 4, np.random.default_rng(0))
    assert np.bincount(labels[chosen]).tolist() == [4, 4, 4]
    assert len(set(chosen)) == 12


@pytest.mark.parametrize("way", transfer.WAYS)
def test_what_a_way_begins_with(way):
    source = transfer.network(seed=0, normalise=way != "from scratch, not normalised")
    model = transfer.started(way, source, seed=0)
    same = [
        np.array_equal(ours.parameters["kernel"], theirs.parameters["kernel"])
        for ours, theirs in zip(model.layers, source.layers, strict=True)
        if isinstance(ours, layers.Conv2D | layers.Dense)
    ]
    assert same == [way in ("frozen", "fine-tuned")] * 3 + [False]
    learns = [layer.trainable for layer in model.layers]
    assert learns == [not way.startswith("frozen")] * (len(learns) - 1) + [True]


def test_all_transfers_are_kept_for_all_seeds():
    assert tuple(transfer.BY_SIZE) == transfer.WAYS
    for of in transfer.BY_SIZE.values():
        assert tuple(of) == transfer.SIZES
        assert {len(runs) for runs in of.values()} == {len(transfer.SEEDS)}
    assert tuple(transfer.BY_PAIR) == tuple(transfer.PAIRS)
    for of in transfer.BY_PAIR.values():
        assert tuple(of) == transfer.WAYS
        assert {len(runs) for runs in of.values()} == {len(transfer.SEEDS)}


def test_fine_tuning_wins_five_points_with_twenty_images():
    gain = np.subtract(transfer.BY_SIZE["fine-tuned"][20], transfer.BY_SIZE["from scratch"][20])
    assert gain.mean() >= 5


# The drawings


def test_the_drawings_have_a_panel_or_a_line_for_each():
    figure = gradients_by_layer({"a": {2: [1e-3, 1e-2]}, "b": {2: [0.1, 0.2], 4: [1.0] * 4}})
    assert [len(ax.lines) for ax in figure.axes] == [1, 2]
    figure = losses_by_depth({"a": {4: [1.0, 2.0], 8: [3.0, 3.0]}})
    assert figure.axes[0].lines[0].get_ydata().tolist() == [1.5, 3.0]
    rows = {
        str(rates): [layers.Conv2D(1, 3, dilation_rate=rate) for rate in rates]
        for rates in ((1, 1, 1), (1, 2, 4), (2, 2))
    }
    figure = seen_through_gaps(rows)
    images = [list(ax.lines[1].get_xdata()) for ax in figure.axes]
    assert images == [list(range(-3, 4)), list(range(-7, 8)), [-4, -2, 0, 2, 4]]
    figure = learning_curves({"a": {5: [1.0, 2.0]}, "b": {5: [3.0, 4.0], 10: [5.0, 5.0]}})
    assert len(figure.axes[0].containers) == 2
