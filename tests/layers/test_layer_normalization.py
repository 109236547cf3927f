"""``LayerNormalization``: each position by its own channels, in training as at inference."""

import re

import numpy as np
import pytest

from cnncourse import Sequential, export, layers, optimizers, quantization
from cnncourse.inference import network

X, Y = np.random.default_rng(3).random((8, 9, 10, 2)), np.arange(8) % 3


@pytest.mark.parametrize("shape", [(4, 3, 5, 6), (4, 6), (4, 3, 6)])
def test_each_position_gets_mean_0_and_variance_1(shape):
    x = np.random.default_rng(0).normal(7, 3, shape)
    layer = layers.LayerNormalization(epsilon=1e-6)
    out = layer(x)
    assert np.allclose(out.mean(axis=-1), 0, atol=1e-5)
    assert np.allclose(out.var(axis=-1), 1, atol=1e-4)
    assert np.array_equal(out, layer(x, training=True))
    layer.set_weights([np.full(6, 2), np.arange(6)])
    assert np.allclose(layer(x), 2 * out + np.arange(6), atol=1e-5)


def test_channels_that_are_all_alike_become_the_shift():
    layer = layers.LayerNormalization()
    layer.build((3,))
    layer.set_weights([np.ones(3), [1, 2, 3]])
    assert layer(np.full((2, 3), 50.0)).tolist() == [[1, 2, 3]] * 2


@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_what_is_learned(center, scale):
    layer = layers.LayerNormalization(center=center, scale=scale)
    model = Sequential([layer, layers.Flatten(), layers.Dense(3)], X.shape[1:], seed=0)
    names = ["gamma"] * scale + ["beta"] * center
    assert list(layer.parameters) == names
    assert layer.count_params() == 2 * len(names)
    model.compile("adam")
    model.train_on_batch(X, Y)
    assert list(layer.gradients) == names
    for name, start in ("gamma", 1), ("beta", 0):
        if name in names:
            assert (layer.parameters[name] != start).all()


def test_an_images_prediction_depends_on_no_other():
    model = network_of()
    model.fit(X, Y, epochs=3, verbose=0)
    alone = np.concatenate([model.predict(image[None]) for image in X])
    assert np.allclose(model.predict(X), alone, atol=1e-6)
    assert np.allclose(model.forward(X, training=True), alone, atol=1e-6)


def network_of(device="cpu", **options):
    chain = [
        layers.Conv2D(4, 3, use_bias=False),
        layers.LayerNormalization(),
        layers.ReLU(),
        layers.Residual([layers.Conv2D(4, 3, padding="same"), layers.LayerNormalization()]),
        layers.GlobalAveragePooling2D(),
        layers.LayerNormalization(scale=False),
        layers.Dense(3),
    ]
    model = Sequential(chain, X.shape[1:], seed=0, device=device, **options)
    model.compile(optimizers.AdamW(0.01))
    return model


def test_in_a_model(tmp_path, capsys):
    """... it trains as without fused steps, on every device, and is kept in files."""
    models = network_of(), network_of(fuse=False), network_of("reference")
    for model in models:
        model.fit(X, Y, epochs=3, verbose=0)
    fused, *others = models
    for model in others:
        assert np.allclose(fused.predict(X), model.predict(X), atol=1e-4)
    fused.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert np.array_equal(loaded.predict(X), fused.predict(X))
    assert [repr(layer) for layer in loaded.layers] == [repr(layer) for layer in fused.layers]
    fused.summary()
    name, shape, count = re.split(" {2,}", capsys.readouterr().out.splitlines()[3])
    assert name == "layer_normalization_1 (LayerNormalization)"
    assert shape == "(None, 7, 8, 4)" and count == "8"


@pytest.mark.parametrize("axis", [1, [1, 2, 3], -1.0, "last", None])
def test_other_axes_are_refused(axis):
    with pytest.raises(ValueError, match="axis must be -1, the channels"):
        layers.LayerNormalization(axis)


def test_what_it_does_not_take():
    with pytest.raises(ValueError, match="epsilon must be a number above 0"):
        layers.LayerNormalization(epsilon=0)
    with pytest.raises(TypeError, match="scale must be True or False, got 'no'"):
        layers.LayerNormalization(scale="no")
    layer = layers.LayerNormalization()
    layer.build((4, 4, 3))
    with pytest.raises(ValueError, match="layer_normalization .*expected 3 channels.*got 1"):
        layer(np.zeros((2, 4, 4, 1)))
    assert layer(np.zeros((2, 9, 5, 3))).shape == (2, 9, 5, 3)


def test_it_is_not_exported(tmp_path):
    model = Sequential([layers.LayerNormalization(), layers.Flatten(), layers.Dense(3)], (9, 10, 2))
    for attempt in (
        lambda: network.of_model(model),
        lambda: export.to_c(model, tmp_path / "c"),
        lambda: export.to_html(model, tmp_path / "model.html"),
        lambda: export.to_onnx(model, tmp_path / "model.onnx"),
        lambda: quantization.quantize(model, X),
    ):
        with pytest.raises(ValueError, match=r"layer_normalization_1 .* be exported: no export"):
            attempt()
    assert not list(tmp_path.iterdir())
