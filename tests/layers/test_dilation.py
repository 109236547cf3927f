"""``dilation_rate``: as a larger kernel with zeros in its gaps, and as in PyTorch."""

import numpy as np
import pytest

from cnncourse import Sequential, gradients, kernels, layers
from cnncourse.support.rounding import gamma

CASES = [
    ((3, 3), 2, 1, "valid"),
    ((3, 2), (2, 3), 1, "same"),
    ((1, 3), (4, 2), (2, 1), "valid"),
    ((2, 2), 3, 2, (2, 1)),
    ((1, 1), 5, 1, "same"),
]


def pair(size, rate, strides, padding, device):
    """A dilated convolution, and one with zeros in the gaps that does the same."""
    options = {"strides": strides, "padding": padding}
    dilated = layers.Conv2D(4, size, dilation_rate=rate, **options)
    plain = layers.Conv2D(4, dilated.window, **options)
    for layer in dilated, plain:
        layer.build((13, 12, 3), kernels.get(device), np.random.default_rng(0))
    down, right = dilated.dilation_rate
    kernel = np.zeros_like(plain.get_weights()[0])
    kernel[::down, ::right] = dilated.get_weights()[0]
    dilated.parameters["bias"] = plain.parameters["bias"] = [1, 2, 3, 4]
    plain.parameters["kernel"] = kernel
    return dilated, plain


@pytest.mark.parametrize("device", ["cpu", "reference"])
@pytest.mark.parametrize(("size", "rate", "strides", "padding"), CASES)
def test_the_same_as_zeros_in_the_gaps(size, rate, strides, padding, device):
    dilated, plain = pair(size, rate, strides, padding, device)
    x = np.random.default_rng(1).random((5, 13, 12, 3))
    # the CPU adds up in another order: sums of at most as many products as there are pixels
    apart = 0 if device == "reference" else gamma(x[..., 0].size)

    def check(got, expected):
        assert got.shape == expected.shape
        assert abs(got - expected).max() <= apart * abs(expected).max()

    out = dilated(x, training=True)
    check(out, plain(x, training=True))
    assert dilated.output_shape((13, 12, 3)) == out.shape[1:]
    assert dilated.parameters["kernel"].shape == (*size, 3, 4)
    gradient = dilated.backend.asarray(np.random.default_rng(2).random(out.shape))
    check(dilated.backward(gradient), plain.backward(gradient))
    down, right = dilated.dilation_rate
    expected = plain.gradients["kernel"][::down, ::right]
    check(dilated.gradients["kernel"], expected)
    check(dilated.gradients["bias"], plain.gradients["bias"])


@pytest.mark.parametrize(("size", "rate", "strides", "padding"), CASES)
def test_pytorchs(size, rate, strides, padding):
    torch = pytest.importorskip("torch", reason="PyTorch, the peer to compare with, is missing")
    if padding == "same" and strides != 1:
        pytest.skip("PyTorch has no such padding")
    dilated, _ = pair(size, rate, strides, padding, "reference")
    x = np.random.default_rng(1).random((5, 13, 12, 3))
    kernel, bias = map(torch.tensor, dilated.get_weights())
    theirs = torch.nn.functional.conv2d(
        torch.tensor(x).permute(0, 3, 1, 2),
        kernel.permute(3, 2, 0, 1),
        bias,
        strides,
        {"valid": 0}.get(padding, padding),
        rate,
    )
    assert np.allclose(dilated(x), theirs.permute(0, 2, 3, 1).numpy(), atol=1e-12)


def network(device="cpu", **options):
    chain = [
        layers.Conv2D(3, 3, dilation_rate=2, activation="relu", padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(4, (1, 2), dilation_rate=(1, 3)),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(3),
    ]
    model = Sequential(chain, (9, 10, 2), seed=0, device=device, **options)
    model.compile()
    return model


X, Y = np.random.default_rng(3).random((8, 9, 10, 2)), np.arange(8) % 3


def test_gradients():
    errors = gradients.check(network("reference"), X, Y)
    assert max(errors.values()) < 1e-6, errors


def test_in_a_model(tmp_path, capsys):
    """... it trains as without fused steps, is kept in files, and sees further."""
    fused, plain = network(), network(fuse=False)
    for model in fused, plain:
        model.fit(X, Y, epochs=3, verbose=0)
    assert np.allclose(fused.predict(X), plain.predict(X), atol=1e-5)
    fused.save(tmp_path / "model.npz")
    loaded = Sequential.load(tmp_path / "model.npz")
    assert np.array_equal(loaded.predict(X), fused.predict(X))
    assert loaded.layers[0].dilation_rate == (2, 2)
    assert repr(loaded.layers[0]).endswith("dilation_rate=(2, 2))")
    fused.explain()
    assert "5×5" in capsys.readouterr().out.splitlines()[2]
    assert fused.layers[0].multiply_adds((9, 10, 2)) == 9 * 10 * 3 * 9 * 2


@pytest.mark.parametrize("rate", [0, -1, 1.5, "2", None, (1, 2, 3)])
def test_rates_that_are_none(rate):
    with pytest.raises((TypeError, ValueError), match="dilation_rate"):
        layers.Conv2D(3, 3, dilation_rate=rate)


def test_a_window_that_does_not_fit():
    with pytest.raises(ValueError, match="conv2d"):
        Sequential([layers.Conv2D(3, 3, dilation_rate=4)], (8, 8, 1))
