"""``Conv2DTranspose``: the sum it says, the convolution that it reverses, and PyTorch's."""

import re

import numpy as np
import pytest

from cnncourse import Sequential, export, gradients, kernels, layers, quantization
from cnncourse.inference import network

# kernel size, strides, padding, the output's height and width for images of 5×4
CASES = {
    "as it is": ((3, 2), 1, "valid", (7, 5)),
    "twice as large": (3, 2, "same", (10, 8)),
    "kernels overlap": ((4, 3), (2, 1), "valid", (12, 6)),
    "kernels with gaps": ((1, 2), (2, 3), "valid", (10, 12)),
    "gaps, same": (1, 3, "same", (15, 12)),
    "even kernel": (4, 2, "same", (10, 8)),
    "cut off": ((3, 4), 2, (1, 0), (9, 10)),
    "more cut off than a kernel": ((1, 2), (1, 3), (2, 3), (1, 6)),
}
case = pytest.mark.parametrize("name", CASES)


def layer_and_images(name, device="reference"):
    size, strides, padding, _ = CASES[name]
    layer = layers.Conv2DTranspose(3, size, strides, padding, bias_initializer="ones")
    layer.build((5, 4, 2), kernels.get(device), np.random.default_rng(0))
    return layer, np.random.default_rng(1).random((2, 5, 4, 2))


def test_a_small_one_by_hand():
    layer = layers.Conv2DTranspose(1, 2, strides=2, kernel_initializer="ones")
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]])
    layer.build((1, 2, 1))
    layer.set_weights([kernel[..., None, None], [0.5]])
    out = layer(np.array([10.0, 1.0]).reshape(1, 1, 2, 1))
    assert out[0, :, :, 0].tolist() == [[10.5, 20.5, 1.5, 2.5], [30.5, 40.5, 3.5, 4.5]]
    # a stride of 1 lets the two kernels overlap in a column, where they add up
    layer.strides = (1, 1)
    out = layer(np.array([10.0, 1.0]).reshape(1, 1, 2, 1))
    assert out[0, :, :, 0].tolist() == [[10.5, 21.5, 2.5], [30.5, 43.5, 4.5]]


@case
def test_sizes(name):
    layer, images = layer_and_images(name)
    out = layer(images)
    assert out.shape == (2, *CASES[name][-1], 3)
    assert layer.output_shape((5, 4, 2)) == out.shape[1:]
    assert layer.parameters["kernel"].shape == (*layer.kernel_size, 3, 2)
    assert layer.parameters["bias"].shape == (3,)


@case
@pytest.mark.parametrize("device", ["cpu", "reference"])
def test_it_is_a_convolutions_backward_pass(name, device):
    layer, images = layer_and_images(name, device)
    out = layer(images)
    conv = layers.Conv2D(2, layer.kernel_size, layer.strides, layer.padding, use_bias=False)
    conv.build(out.shape[1:], layer.backend)
    conv.set_weights([layer.get_weights()[0]])
    images = layer.backend.asarray(images)
    seen = conv(out)
    assert seen.shape == images.shape
    assert np.array_equal(out, conv.backward(images) + 1)  # a bias of 1
    # and its own backward pass is the convolution
    assert np.array_equal(layer.backward(out), seen)
    assert np.array_equal(layer.gradients["kernel"], conv.gradients["kernel"])
    assert np.allclose(layer.gradients["bias"], np.sum(out, axis=(0, 1, 2)), rtol=1e-6)


@case
def test_pytorchs(name):
    """PyTorch has no padding by name; the pixels that are left over stand behind the image."""
    torch = pytest.importorskip("torch", reason="PyTorch, the peer to compare with, is missing")
    layer, images = layer_and_images(name)
    size, strides, padding, shape = CASES[name]
    kernel, bias = map(torch.tensor, layer.get_weights())
    images = torch.tensor(images).permute(0, 3, 1, 2)
    full = torch.nn.functional.conv_transpose2d(images, kernel.permute(3, 2, 0, 1), bias, strides)
    full = full.permute(0, 2, 3, 1).numpy()  # (N, (H - 1) S + U, …, filters)
    out = np.ones((2, *shape, 3))  # the bias, where no kernel reaches
    for axis, (cells, s, side) in enumerate(
        zip(layer.kernel_size, layer.strides, (5, 4), strict=True), start=1
    ):
        cut = max(cells - s, 0) // 2 if padding == "same" else 0
        cut = padding[axis - 1] if isinstance(padding, tuple) else cut
        full = np.take(full, range(cut, min((side - 1) * s + cells, shape[axis - 1] + cut)), axis)
    out[:, : full.shape[1], : full.shape[2]] = full
    assert np.allclose(layer(images.permute(0, 2, 3, 1).numpy()), out, atol=1e-12)


def network_of(device="cpu", **options):
    chain = [
        layers.Conv2D(3, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="tanh"),
        layers.BatchNormalization(),
        layers.Conv2DTranspose(2, (2, 3), activation="relu", use_bias=False),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(3),
    ]
    model = Sequential(chain, (9, 10, 2), seed=0, device=device, **options)
    model.compile()
    return model


X, Y = np.random.default_rng(3).random((8, 9, 10, 2)), np.arange(8) % 3


def test_gradients():
    errors = gradients.check(network_of("reference"), X, Y)
    assert max(errors.values()) < 1e-6, errors


def test_in_a_model(tmp_path, capsys):
    """... it trains as without fused steps, and is kept in files."""
    fused, plain = network_of(), network_of(fuse=False)
    for model in fused, plain:
        model.fit(X, Y, epochs=3, verbose=0)
    assert np.allclose(fused.predict(X), plain.predict(X), atol=1e-5)
    fused.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert np.array_equal(loaded.predict(X), fused.predict(X))
    assert repr(loaded.layers[1]) == repr(fused.layers[1])
    fused.summary()
    row = capsys.readouterr().out.splitlines()[3]
    name, shape, count = re.split(" {2,}", row)
    assert name == "conv2d_transpose_1 (Conv2DTranspose)"
    assert shape == "(None, 10, 10, 4)" and count == f"{3 * 3 * 3 * 4 + 4}"
    fused.explain()
    row = capsys.readouterr().out.splitlines()[3]
    # 5×5 pixels, each times a kernel of 3×3 for each of 3 channels and 4 filters; each output
    # sees 2×2 of them, so 5×5 pixels of the image
    assert row.split()[-5:] == [f"{5 * 5 * 3 * 3 * 3 * 4:,}", "1.6", "KiB", "5×5", "1×1"]


def test_what_it_does_not_take():
    layer = layers.Conv2DTranspose(2, 3, padding=3)
    with pytest.raises(ValueError, match="conv2d_transpose .*padding 3×3 cuts off all"):
        layer.output_shape((4, 4, 1))
    with pytest.raises(ValueError, match="conv2d_transpose .*expected 4 axes"):
        layer.output_shape((4,))
    layer = layers.Conv2DTranspose(2, 3)
    layer.build((4, 4, 3))
    with pytest.raises(ValueError, match="expected images of 3 channels.*got 1"):
        layer.output_shape((4, 4, 1))
    with pytest.raises(ValueError, match="its output must be of at most"):
        layers.Conv2DTranspose(1, 1, strides=2**16).output_shape((4096, 4096, 1))


@pytest.mark.parametrize("name", ["dilation_rate", "output_padding", "groups"])
def test_arguments_that_it_does_not_have(name):
    with pytest.raises(TypeError, match=f"no argument '{name}': "):
        layers.Conv2DTranspose(2, 3, **{name: 1})


def test_it_is_not_exported(tmp_path):
    model = network_of()
    for attempt in (
        lambda: network.of_model(model),
        lambda: export.to_c(model, tmp_path / "c"),
        lambda: export.to_onnx(model, tmp_path / "model.onnx"),
        lambda: quantization.quantize(model, X),
    ):
        with pytest.raises(ValueError, match=r"conv2d_transpose_1 \(Conv2DTranspose\) cannot be"):
            attempt()
    assert not list(tmp_path.iterdir())
