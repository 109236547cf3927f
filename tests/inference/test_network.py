"""The description of a trained network: fewer steps with the same results, and their places."""

import numpy as np
import pytest

from cnncourse import Sequential, layers, networks
from cnncourse.inference import buffers, forward, network
from cnncourse.inference.steps import positions_under
from cnncourse.kernels.geometry import Geometry


def names(*chain, shape=(8, 8, 2)):
    model = Sequential(list(chain), input_shape=shape, seed=0, device="reference")
    return [step.name for step in network.of_model(model).steps]


def test_what_is_fused():
    conv, relu, pool = layers.Conv2D(3, 3), layers.ReLU(), layers.MaxPooling2D(2)
    assert names(conv, layers.BatchNormalization(), relu, pool) == [
        "conv2d_1 + batch_normalization_1 + re_lu_1 + max_pooling2d_1"
    ]
    pooled_first = names(layers.Conv2D(3, 3), layers.MaxPooling2D(2), layers.ReLU())
    assert pooled_first == ["conv2d_1 + max_pooling2d_1 + re_lu_1"]
    dense = names(layers.Dense(3), layers.BatchNormalization(), layers.Dropout(0.5), shape=(5,))
    assert dense == ["dense_1 + batch_normalization_1"]


def test_what_is_not():
    overlapping = layers.MaxPooling2D(3, strides=2)
    assert names(layers.Conv2D(3, 3), overlapping) == ["conv2d_1", "max_pooling2d_1"]
    # each flattened feature has a scale of its own
    chain = layers.Conv2D(3, 3), layers.Flatten(), layers.BatchNormalization()
    assert names(*chain) == ["conv2d_1", "batch_normalization_1"]
    # behind a ReLU, a negative factor would turn the values that are kept into others
    chain = layers.Conv2D(3, 3, activation="relu"), layers.BatchNormalization()
    assert names(*chain) == ["conv2d_1 + relu", "batch_normalization_1"]


def test_what_does_nothing_is_left_out():
    assert names(
        layers.Dropout(0.5), layers.MaxPooling2D(1), layers.Flatten(), layers.Dense(1)
    ) == ["dense_1"]


@pytest.mark.parametrize("name", ["tutorial", "explained"])
def test_the_steps_give_what_the_model_predicts(name):
    rng = np.random.default_rng(0)
    model = networks.DOCUMENTS[name](device="reference")
    for layer in model.layers:
        if "moving_variance" in layer.weights:
            layer.set_weights([rng.uniform(0.5, 2, w.shape) for w in layer.get_weights()])
    images = rng.random((3, 28, 28, 1))
    last = forward.outputs(network.of_model(model), images)[-1]
    exact = model.predict(images)
    # the folded weights are rounded to float32
    np.testing.assert_allclose(last.reshape(exact.shape), exact, rtol=1e-5, atol=1e-6)


def test_positions_under_windows_that_reach_beyond_the_image():
    geometry = Geometry.of((5, 5), (2, 2), (2, 2), "same")  # the last window lies half outside
    assert positions_under(geometry) == 25
    assert positions_under(Geometry.of((5, 5), (1, 1), (2, 2), "valid")) == 9


@pytest.mark.parametrize("name", networks.DOCUMENTS)
def test_what_is_needed_at_once_does_not_overlap(name):
    found = network.of_model(networks.DOCUMENTS[name](device="reference"))
    plan = buffers.plan(found)
    sizes = [int(np.prod(step.output_shape)) for step in found.steps]
    spans = [
        None if place is buffers.CALLERS else range(place, place + size)
        for place, size in zip(plan.places, sizes, strict=True)
    ]
    largest = 0
    for step, one, two in zip(found.steps[1:], spans[:-1], spans[1:], strict=True):
        if one is not None and two is not None and not step.in_place:
            assert one.stop <= two.start or two.stop <= one.start
            largest = max(largest, len(one) + len(two))
    assert spans[-1] is None
    # a chain never needs more than its two largest neighbours
    assert plan.size == max(largest, *(len(span) for span in spans if span is not None))


def test_wider_scores_have_an_array_of_their_own():
    chain = [layers.Conv2D(2, 3), layers.Sigmoid(), layers.BatchNormalization()]
    model = Sequential(chain, input_shape=(5, 5, 1), seed=0, device="reference")
    found = network.of_model(model)
    assert buffers.plan(found).places == (None, None, None)
    assert buffers.plan(found, wider_scores=True).places == (0, 0, None)
