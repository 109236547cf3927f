"""``UpSampling2D``: repeated pixels, straight lines between them, and PyTorch's."""

import numpy as np
import pytest

from cnncourse import Sequential, export, gradients, kernels, layers, quantization
from cnncourse.inference import network

SIZES = [1, 2, (1, 3), (3, 2), (4, 5)]
both = pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])


def built(device="reference", *arguments, **options):
    layer = layers.UpSampling2D(*arguments, **options)
    layer.build((3, 4, 2), kernels.get(device))
    return layer


def test_nearest_repeats_pixels():
    image = np.array([[1.0, 2.0], [3.0, 4.0]])
    out = layers.UpSampling2D((2, 3))(image[None, :, :, None])[0, :, :, 0]
    assert np.array_equal(out, image.repeat(2, axis=0).repeat(3, axis=1))


def test_bilinear_goes_in_straight_lines():
    out = layers.UpSampling2D((1, 4), "bilinear")(np.array([0.0, 8.0]).reshape(1, 1, 2, 1))
    # centres of the pixels 0 and 8 lie 4 apart; what lies outside them stays as they are
    assert out[0, 0, :, 0].tolist() == [0, 0, 1, 3, 5, 7, 8, 8]
    out = layers.UpSampling2D((3, 1), "bilinear")(np.array([0.0, 3.0]).reshape(1, 2, 1, 1))
    assert np.allclose(out[0, :, 0, 0], [0, 0, 1, 2, 3, 3], atol=1e-6)


@both
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("device", ["cpu", "reference"])
def test_pytorchs(device, size, interpolation):
    torch = pytest.importorskip("torch", reason="PyTorch, the peer to compare with, is missing")
    layer = built(device, size, interpolation)
    rng = np.random.default_rng(0)
    x = layer.backend.asarray(rng.random((2, 3, 4, 2)))
    leaf = torch.tensor(x).permute(0, 3, 1, 2).requires_grad_()
    options = {"align_corners": False} if interpolation == "bilinear" else {}
    theirs = torch.nn.functional.interpolate(
        leaf, scale_factor=layer.size, mode=interpolation, **options
    )
    ours = layer.forward(x)
    assert ours.shape[1:] == layer.output_shape(x.shape[1:])
    gradient = layer.backend.asarray(rng.random(ours.shape))
    theirs.backward(torch.tensor(gradient).permute(0, 3, 1, 2))
    limit = 1e-5 if device == "cpu" else 1e-12
    assert np.allclose(ours, theirs.detach().permute(0, 2, 3, 1), rtol=limit, atol=limit)
    back = leaf.grad.permute(0, 2, 3, 1)
    assert np.allclose(layer.backward(gradient), back, rtol=limit, atol=limit)
    assert layer.backward(gradient, need_input_gradient=False) is None


def test_a_constant_image_stays_constant():
    """... up to rounding, and exactly where pixels are repeated."""
    x = np.full((1, 3, 4, 2), 0.1, np.float32)
    assert (built("cpu", (3, 7))(x) == np.float32(0.1)).all()
    assert np.allclose(built("cpu", (3, 7), "bilinear")(x), 0.1, rtol=1e-6)


def network_of(interpolation, device="cpu", **options):
    chain = [
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.UpSampling2D((2, 3), interpolation),
        layers.Conv2D(2, 2, activation="tanh"),
        layers.UpSampling2D(2, interpolation),
        layers.Flatten(),
        layers.Dense(3),
    ]
    model = Sequential(chain, (6, 7, 2), seed=0, device=device, **options)
    model.compile()
    return model


X, Y = np.random.default_rng(3).random((8, 6, 7, 2)), np.arange(8) % 3


@both
def test_gradients(interpolation):
    errors = gradients.check(network_of(interpolation, "reference"), X, Y)
    assert max(errors.values()) < 1e-6, errors


@both
def test_in_a_model(interpolation, tmp_path, capsys):
    fused, plain = network_of(interpolation), network_of(interpolation, fuse=False)
    for model in fused, plain:
        model.fit(X, Y, epochs=3, verbose=0)
    assert np.allclose(fused.predict(X), plain.predict(X), atol=1e-5)
    fused.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert np.array_equal(loaded.predict(X), fused.predict(X))
    assert loaded.layers[2].interpolation == interpolation and loaded.layers[2].size == (2, 3)
    fused.summary()
    assert "up_sampling2d_1 (UpSampling2D)   (None, 4, 6, 3)" in capsys.readouterr().out


def test_what_it_sees(capsys):
    """A pixel behind the upsampling comes from as many pixels as before, which lie closer."""
    network_of("nearest").explain()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[2:7]]
    assert [line[-2:] for line in lines] == [
        ["3×3", "1×1"],
        ["4×4", "2×2"],
        ["4×4", "1×2/3"],
        ["5×5", "1×2/3"],
        ["5×5", "1/2×1/3"],
    ]


@pytest.mark.parametrize("interpolation", ["bicubic", "linear", None, 2, ["nearest"]])
def test_interpolations_that_there_are_not(interpolation):
    with pytest.raises(ValueError, match="interpolation must be one of nearest, bilinear"):
        layers.UpSampling2D(2, interpolation)


def test_what_it_does_not_take():
    with pytest.raises(TypeError, match="size must be a whole number or a pair"):
        layers.UpSampling2D(1.5)
    with pytest.raises(ValueError, match="size must be at least 1"):
        layers.UpSampling2D(0)
    with pytest.raises(ValueError, match="up_sampling2d .*expected 4 axes"):
        layers.UpSampling2D().output_shape((4,))
    with pytest.raises(ValueError, match="up_sampling2d .*at most"):
        layers.UpSampling2D(2**16).output_shape((4096, 4096, 1))
    with pytest.raises(TypeError, match="no argument 'mode': it is called interpolation"):
        layers.UpSampling2D(mode="nearest")


def test_it_is_not_exported(tmp_path):
    model = network_of("nearest")
    for attempt in (
        lambda: network.of_model(model),
        lambda: export.to_c(model, tmp_path / "c"),
        lambda: export.to_onnx(model, tmp_path / "model.onnx"),
        lambda: quantization.quantize(model, X),
    ):
        with pytest.raises(
            ValueError, match=r"up_sampling2d_1 \(UpSampling2D\) cannot be exported"
        ):
            attempt()
    assert not list(tmp_path.iterdir())
