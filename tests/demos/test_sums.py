"""The sum behind each value equals what the model predicts."""

import numpy as np
import pytest
from small_models import everything, residual, small

from cnncourse import Sequential, layers
from cnncourse.demos.explorer import Explorer


def windows(**options):
    return Sequential(
        [
            layers.Conv2D(4, 3, padding="same", dilation_rate=2, activation="tanh"),
            layers.AveragePooling2D(3, strides=2, padding="same"),
            layers.MaxPooling2D((2, 3), strides=1, padding=1),
            layers.Conv2D(3, (1, 2), (2, 1), padding=1, use_bias=False, activation="sigmoid"),
            layers.GlobalAveragePooling2D(),
            layers.BatchNormalization(),
            layers.Dense(4, use_bias=False),
            layers.Softmax(),
        ],
        **{"input_shape": (9, 8, 3), "seed": 0, **options},
    )


def norms(**options):
    return Sequential(
        [
            layers.Conv2D(5, 3, strides=2, padding="same"),
            layers.ReLU(),
            layers.LpPooling2D(2, strides=1, padding=1, p=2.5),
            layers.LayerNormalization(),
            layers.WeightedAveragePooling2D(3, strides=1, padding=1),
            layers.GlobalMaxPooling2D(),
            layers.LayerNormalization(center=False, scale=False),
            layers.Sigmoid(),
        ],
        **{"input_shape": (9, 8, 3), "seed": 0, **options},
    )


def rows(**options):
    chain = [layers.Flatten(), layers.Tanh(), layers.Dropout(0.5), layers.Dense(20)]
    return Sequential(chain, **{"input_shape": (9, 8, 3), "seed": 0, **options})


def channel_by_channel(**options):
    return Sequential(
        [
            layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="tanh"),
            layers.DepthwiseConv2D((1, 2), dilation_rate=(1, 2), use_bias=False),
            layers.SeparableConv2D(4, 2, strides=2, padding=1, depth_multiplier=2),
            layers.SeparableConv2D(3, 3, dilation_rate=2, padding="same", use_bias=False),
        ],
        **{"input_shape": (9, 8, 3), "seed": 0, **options},
    )


def enlarged(**options):
    return Sequential(
        [
            layers.UpSampling2D((2, 1)),
            layers.Conv2DTranspose(3, (3, 2), strides=(1, 3), padding="same", activation="relu"),
            layers.UpSampling2D((1, 2), "bilinear"),
            layers.Conv2DTranspose(2, (1, 3), strides=2, padding=(0, 1), use_bias=False),
            layers.UpSampling2D((3, 1), "bilinear"),
            layers.Softmax(),
        ],
        **{"input_shape": (3, 2, 2), "seed": 0, **options},
    )


CHAINS = (small, everything, windows, norms, rows, channel_by_channel, enlarged, residual)


def demo_of(make, **options):
    """An explorer of a model all of whose weights count, and its image."""
    model = make(**options)
    rng = np.random.default_rng(1)
    model.set_weights([w + rng.uniform(0.1, 0.5, w.shape) for w in model.get_weights()])
    image = rng.standard_normal(model.input_shape).astype(np.float32)
    return Explorer(model, image[None]), image


@pytest.mark.parametrize("device", ["cpu", "reference"])
@pytest.mark.parametrize("make", CHAINS, ids=lambda make: make.__name__)
def test_sums_equal_predictions(make, device):
    demo, image = demo_of(make, device=device)
    model, number = demo.model, -1
    for count, layer in enumerate(model.layers, 1):
        part = Sequential(model.layers[:count], model.input_shape, device=device)
        predicted = part.predict(image[None])[0]
        number += len(layer.operations)
        assert predicted.shape == demo.outputs[number].shape
        for unit in np.ndindex(predicted.shape):
            value = demo.sum_of(number, unit).value
            assert abs(value - predicted[unit]) <= 1e-6 * max(1, abs(predicted[unit])), layer


def test_every_layer_of_the_package_is_in_one_of_them():
    there = {type(operation) for make in CHAINS for operation in make().operations}
    every = {getattr(layers, name) for name in layers.__all__} - {layers.Layer}
    assert there == every


@pytest.mark.parametrize("make", CHAINS, ids=lambda make: make.__name__)
def test_what_is_shown_of_a_sum_adds_up(make):
    """Grids and lines are not decoration: from them alone, the value can be worked out."""
    demo, _ = demo_of(make)
    for number, (operation, output) in enumerate(
        zip(demo.model.operations, demo.outputs, strict=True)
    ):
        unit = tuple(size // 2 for size in output.shape)
        found = demo.sum_of(number, unit)
        lines = dict(found.lines)
        if isinstance(operation, layers.Conv2D):
            products = found.grids["products"]
            assert np.allclose(
                np.nan_to_num(found.grids["window"]) * found.grids["kernel"], products
            )
            assert np.isclose(products.sum(), found.parts[found.channel])
            assert np.isclose(sum(found.parts) + lines.get("bias", 0), found.value)
        elif isinstance(operation, (layers.DepthwiseConv2D, layers.SeparableConv2D)):
            window, kernel, products = found.grids.values()
            assert np.allclose(np.nan_to_num(window) * kernel, products)
            total, *_ = lines.values()
            assert np.isclose(products.sum(), total)
            rest = [value for line, value in lines.items() if line == "bias" or "added up" in line]
            assert np.isclose(sum(rest[-2:] if "bias" in lines else rest[-1:]), found.value)
        elif isinstance(operation, (layers.Dense, layers.Conv2DTranspose)):
            assert np.isclose(sum(lines.values()), found.value)
        elif isinstance(operation, (layers.MaxPooling2D, layers.GlobalMaxPooling2D)):
            assert found.grids["window"][found.marked] == found.value
        elif "weights" in found.grids and not lines:
            assert np.isclose((found.grids["window"] * found.grids["weights"]).sum(), found.value)
        elif "Σ weight" in lines:
            assert np.isclose(lines["Σ weight · value"] / lines["Σ weight"], found.value)


def test_padding_is_shown_as_such_and_counts_for_nothing():
    demo, image = demo_of(small)
    found = demo.sum_of(0, (0, 0, 1), channel=1)
    window = found.grids["window"]
    assert np.isnan(window[0]).all() and np.isnan(window[:, 0]).all()
    assert np.allclose(window[1:, 1:], image[:2, :2, 1])
    assert (found.grids["products"][0] == 0).all()


def test_a_wrong_weight_makes_another_sum():
    demo, _ = demo_of(small)
    before = demo.sum_of(0, (3, 3, 0)).value
    kernel = demo.model.layers[0].parameters["kernel"]
    kernel[1, 1, 0, 0] += 1
    assert np.isclose(demo.sum_of(0, (3, 3, 0)).value - before, demo.image[3, 3, 0], atol=1e-6)


def test_a_layer_of_ones_own_has_no_formula_but_its_place():
    class Doubled(layers.Layer):
        def forward(self, x, training=False):
            return 2 * x

    model = Sequential([Doubled(), layers.Flatten(), layers.Dense(2)], (4, 4, 1), seed=0)
    demo = Explorer(model, np.ones((1, 4, 4, 1)))
    reply, _ = demo.answer({"kind": "unit", "operation": 0, "row": 1, "column": 2, "map": 0})
    assert reply["value"] is None and reply["output"] == 2
    assert "layer of your own" in reply["formula"]
