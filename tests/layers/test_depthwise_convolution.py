"""Depthwise and separable convolutions: their sums, shapes, errors and files."""

import copy

import numpy as np
import pytest
from numba import get_num_threads, set_num_threads
from small_models import same_weights

from cnncourse import (
    Sequential,
    explanations,
    export,
    layers,
    plots,
    quantization,
)

CASES = [
    {"kernel_size": 3},
    {"kernel_size": (3, 2), "padding": "same", "depth_multiplier": 2},
    {"kernel_size": 2, "strides": (2, 3), "padding": (1, 2), "depth_multiplier": 3},
    {"kernel_size": (1, 4), "dilation_rate": (1, 2), "use_bias": False},
    {"kernel_size": 3, "strides": 2, "dilation_rate": 2, "padding": 2, "activation": "tanh"},
]


def test_each_channel_is_convolved_by_itself():
    layer = layers.DepthwiseConv2D(2, depth_multiplier=2)
    layer.build((2, 2, 2))
    kernel = np.zeros((2, 2, 2, 2))
    kernel[:, :, 0, 0] = [[1, 2], [3, 4]]  # of the first channel, the first filter
    kernel[:, :, 0, 1] = 1
    kernel[:, :, 1, 0] = [[0, 0], [0, 10]]
    layer.set_weights([kernel, [0, 0, 0, 0.5]])
    image = np.array([[[1, 5], [2, 6]], [[3, 7], [4, 8]]])[None]
    # 1·1 + 2·2 + 3·3 + 4·4 = 30; 1 + 2 + 3 + 4; then the second channel: 10 · 8; its bias alone
    assert layer(image).reshape(-1).tolist() == [30, 10, 80, 0.5]


def test_no_images():
    for layer in layers.DepthwiseConv2D(3, strides=2), layers.SeparableConv2D(4, 3):
        layer.build((8, 8, 2))
        x = np.zeros((0, 8, 8, 2), np.float32)
        out = layer.forward(x)
        assert out.shape == (0, *layer.output_shape((8, 8, 2)))
        assert layer.backward(out).shape == x.shape
        assert not any(gradient.any() for gradient in layer.gradients.values())


def test_then_a_separable_one_mixes_them():
    layer = layers.SeparableConv2D(1, 2)
    layer.build((2, 2, 2))
    depthwise = np.ones((2, 2, 2, 1))
    layer.set_weights([depthwise, np.array([1, 10]).reshape(1, 1, 2, 1), [0.5]])
    image = np.array([[[1, 5], [2, 6]], [[3, 7], [4, 8]]])[None]
    assert layer(image).item() == 10 + 10 * 26 + 0.5


@pytest.mark.parametrize("options", CASES)
def test_a_separable_convolution_is_a_depthwise_and_a_pointwise_one(options):
    options = options | {"activation": None}
    plain = {key: value for key, value in options.items() if key != "use_bias"}
    one = layers.SeparableConv2D(5, **options)
    both = [layers.DepthwiseConv2D(**plain, use_bias=False), layers.Conv2D(5, 1)]
    x = np.random.default_rng(0).standard_normal((3, 9, 8, 4))
    expected = Sequential(both, (9, 8, 4), seed=0, device="reference")
    model = Sequential([one], (9, 8, 4), seed=0, device="reference")
    depthwise, pointwise, *bias = model.get_weights()
    expected.set_weights([depthwise, pointwise, *(bias or [np.zeros(5)])])
    np.testing.assert_allclose(model.predict(x), expected.predict(x), atol=1e-12)
    assert one.multiply_adds((9, 8, 4)) == sum(
        layer.multiply_adds(layer.input_shape) for layer in both
    )
    assert one.receptive_field == both[0].receptive_field
    assert one.count_params() == expected.count_params() - 5 * (not one.use_bias)


def test_sizes_and_initialisation():
    layer = layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2)
    assert layer.output_shape((9, 8, 16)) == (5, 4, 32)
    assert layer.multiply_adds((9, 8, 16)) == 5 * 4 * 32 * 9
    layer.build((9, 8, 16), rng=np.random.default_rng(0))
    assert {name: value.shape for name, value in layer.parameters.items()} == {
        "kernel": (3, 3, 16, 2),
        "bias": (32,),
    }
    # Keras's fans of such a kernel: 9 · 16 in, 9 · 2 out
    limit = np.sqrt(6 / (9 * 16 + 9 * 2))
    assert 0.95 * limit < abs(layer.parameters["kernel"]).max() <= limit
    layer = layers.SeparableConv2D(8, 3, depth_multiplier=2, use_bias=False)
    layer.build((9, 8, 16))
    assert {name: value.shape for name, value in layer.parameters.items()} == {
        "depthwise_kernel": (3, 3, 16, 2),
        "pointwise_kernel": (1, 1, 32, 8),
    }
    assert layers.DepthwiseConv2D(3, dilation_rate=2).receptive_field == ((5, 5), (1, 1))


def network(device="cpu", **options):
    chain = [
        layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="relu"),
        layers.SeparableConv2D(5, 3, strides=2, name="apart"),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3),
    ]
    model = Sequential(chain, (9, 8, 2), seed=0, device=device, **options)
    model.compile("adam")
    return model


X, Y = np.random.default_rng(3).random((8, 9, 8, 2)), np.arange(8) % 3


def test_in_a_model(tmp_path, capsys):
    model, unfused = network(), network(fuse=False)
    for each in model, unfused:
        each.fit(X, Y, epochs=2, verbose=0)
    np.testing.assert_allclose(model.predict(X), unfused.predict(X), atol=1e-5)
    model.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    for each in model, loaded:
        each.fit(X, Y, verbose=0)  # the optimizer's state, too
    assert same_weights(model, loaded)
    assert [repr(layer) for layer in loaded.layers] == [repr(layer) for layer in model.layers]
    assert same_weights(copy.deepcopy(model), model)
    model.summary()
    said = capsys.readouterr().out
    assert "depthwise_conv2d_1 (DepthwiseConv2D)" in said and "apart (SeparableConv2D)" in said


def test_pictures_know_it_for_a_convolution():
    model = network()
    said = plots.architecture(model).alt
    assert "stride 1×1" not in said and "stride 2×2" in said, said
    assert explanations.arguments.layer_of_maps(model, None) is model.layers[1]


def test_frozen():
    model = network()
    model.layers[1].trainable = False
    before = [layer.get_weights() for layer in model.layers[:2]]
    model.fit(X, Y, verbose=0)
    assert not same_weights(model.layers[0], before[0])
    assert same_weights(model.layers[1], before[1]) and not model.layers[1].gradients


def test_arguments():
    with pytest.raises(ValueError, match="depth_multiplier"):
        layers.DepthwiseConv2D(3, depth_multiplier=0)
    with pytest.raises(TypeError, match="depth_multiplier"):
        layers.SeparableConv2D(4, 3, depth_multiplier=1.5)
    with pytest.raises(TypeError, match="filters.*each channel has depth_multiplier kernels"):
        layers.DepthwiseConv2D(filters=4, kernel_size=3)
    with pytest.raises(TypeError, match="kernel_initializer.*pointwise_initializer"):
        layers.SeparableConv2D(4, 3, kernel_initializer="zeros")
    with pytest.raises(ValueError, match="depthwise_initializer must be one of"):
        layers.DepthwiseConv2D(3, depthwise_initializer="best")
    with pytest.raises(ValueError, match="pointwise_initializer must give an array of the shape"):
        layers.SeparableConv2D(
            4, 3, pointwise_initializer=lambda shape, rng: np.zeros((1, 1, 2, 3))
        ).build((8, 8, 2))
    with pytest.raises(ValueError, match="depthwise_conv2d.*window of 9×9 does not fit"):
        layers.DepthwiseConv2D(3, dilation_rate=4).output_shape((8, 8, 1))
    layer = layers.SeparableConv2D(4, 3)
    layer.build((8, 8, 2))
    with pytest.raises(ValueError, match=r"separable_conv2d .*: expected images of 2 channels"):
        layer(np.zeros((1, 8, 8, 3)))


@pytest.mark.parametrize(
    ("layer", "name"),
    [(layers.DepthwiseConv2D(3), "apart"), (layers.SeparableConv2D(4, 3), "between")],
    ids=["depthwise", "separable"],
)
def test_what_cannot_be_exported_says_so_before_a_file_is_there(layer, name, tmp_path):
    layer.name = name
    chain = [layers.Conv2D(2, 3), layer, layers.Flatten(), layers.Dense(2)]
    model = Sequential(chain, (8, 8, 1), seed=0)
    message = rf"{name} \({type(layer).__name__}\) cannot be exported: no export knows"
    for write, file in (export.to_c, "model.h"), (export.to_html, "page.html"):
        with pytest.raises(ValueError, match=message):
            write(model, tmp_path / file)
    with pytest.raises(ValueError, match=message):
        quantization.quantize(model, np.zeros((2, 8, 8, 1)))
    pytest.importorskip("onnx", reason="the export to ONNX needs it")
    with pytest.raises(ValueError, match=message):
        export.to_onnx(model, tmp_path / "model.onnx")
    assert not list(tmp_path.iterdir())


def test_same_bits_whatever_the_threads():
    rng, results = np.random.default_rng(0), []
    x, y = rng.random((24, 20, 20, 3), np.float32), np.arange(24) % 3
    before = get_num_threads()
    try:
        for threads in 1, min(2, before):
            set_num_threads(threads)
            chain = [
                layers.SeparableConv2D(20, 3, activation="relu"),
                layers.DepthwiseConv2D(3, strides=2, padding="same"),
                layers.Conv2D(4, 3, dilation_rate=2, padding="same"),
                layers.Flatten(),
                layers.Dense(3),
            ]
            model = Sequential(chain, (20, 20, 3), seed=0)
            model.compile("adam")
            model.train_on_batch(x, y)
            results.append(model)
    finally:
        set_num_threads(before)
    assert same_weights(*results)
    one, other = (results[0].predict(x, batch_size=size) for size in (1, 24))
    np.testing.assert_array_equal(one, other)
