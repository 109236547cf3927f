"""Upsampling and a convolution in one step: what both compute, within a derived bound."""

import numpy as np
import pytest

from cnncourse import Sequential, kernels, layers
from cnncourse.model import fusion
from cnncourse.model.fused_upsampling import FusedUpsampling, merged, parted
from cnncourse.support.rounding import gamma

CPU = kernels.get("cpu")
# the copies, the window, the padding
FITTING = [
    (2, 3, "same"),
    ((2, 3), 3, 1),
    (2, 5, "same"),
    ((1, 2), (3, 4), "same"),
    (3, 2, "same"),
    (2, 1, "valid"),
    ((4, 1), (1, 3), (0, 1)),
]


def pair(size, window, padding, device="cpu", **options):
    up, conv = layers.UpSampling2D(size), layers.Conv2D(5, window, padding=padding)
    return Sequential([up, conv], (6, 7, 4), seed=1, device=device, **options)


def forward_and_back(model, x, gradient, absolute=False):
    """Outputs, the images' gradient, and the weights'; with ``absolute``, from all magnitudes."""
    conv = model.layers[1]
    weights = conv.get_weights()
    if absolute:
        conv.set_weights([abs(weight) for weight in weights])
        x, gradient = abs(x), abs(gradient)
    out = model.forward(x, training=True)
    back = model.backward(gradient)
    conv.set_weights(weights)
    return [np.array(a) for a in (out, back, *conv.gradients.values())]


@pytest.mark.parametrize(("size", "window", "padding"), FITTING)
def test_outputs_and_gradients(size, window, padding):
    model, exact = (pair(size, window, padding, device) for device in ("cpu", "reference"))
    rng = np.random.default_rng(0)
    for layer, other in zip(model.layers, exact.layers, strict=True):
        weights = [rng.standard_normal(w.shape).astype(np.float32) for w in layer.get_weights()]
        layer.set_weights(weights)
        other.set_weights(weights)
    x, gradient = (
        rng.standard_normal((3, *shape)).astype(np.float32)
        for shape in (model.input_shape, model.output_shape)
    )
    got = forward_and_back(model, x, gradient)
    assert [type(step) for step in model._ran] == [FusedUpsampling]
    expected = forward_and_back(exact, x, gradient)
    bounds = forward_and_back(exact, x, gradient, absolute=True)
    # as many roundings as the longest sum has terms, those of the sums of weights among them
    terms = 3 * np.prod(model.output_shape[:2]) * 4 + 25 * 5
    for one, other, bound in zip(got, expected, bounds, strict=True):
        assert one.shape == other.shape
        assert (abs(one - other) <= gamma(int(terms)) * bound + 1e-30).all()


@pytest.mark.parametrize(
    ("up", "conv"),
    [
        ({"interpolation": "bilinear"}, {"padding": "same"}),
        ({}, {"padding": "valid"}),
        ({}, {"padding": "same", "strides": 2}),
        ({}, {"padding": "same", "dilation_rate": 2}),
        ({}, {"padding": (3, 3)}),
    ],
)
def test_what_does_not_fit_stays_plain(up, conv):
    chain = [layers.UpSampling2D(2, **up), layers.Conv2D(5, 3, **conv)]
    model = Sequential(chain, (6, 7, 4))
    for training in True, False:
        steps = fusion.steps(model.operations, model.input_shape, CPU, training)
        assert FusedUpsampling not in map(type, steps)


def test_somebodys_own_layer_stays_plain():
    class Own(layers.UpSampling2D):
        pass

    model = Sequential([Own(2), layers.Conv2D(5, 3, padding="same")], (6, 7, 4))
    steps = fusion.steps(model.operations, model.input_shape, CPU, training=True)
    assert FusedUpsampling not in map(type, steps)


def test_it_is_told(capsys):
    pair(2, 3, "same").explain()
    assert "up_sampling2d_1 + conv2d_1" in capsys.readouterr().out


def test_the_parted_gradient_is_that_of_the_merged_kernel():
    """``<merged(a), b> = <a, parted(b)>``: one is the other's transpose."""
    rng = np.random.default_rng(2)
    a = rng.standard_normal((3, 4, 2, 5))
    one = merged(a, (2, 3))
    b = rng.standard_normal(one.shape)
    assert np.isclose((one * b).sum(), (a * parted(b, (2, 3))).sum())


def test_predictions_are_those_of_the_plain_layers():
    fused, plain = (pair(2, 3, "same", fuse=fuse) for fuse in (True, False))
    x = np.random.default_rng(3).standard_normal((150, 6, 7, 4)).astype(np.float32)
    np.testing.assert_allclose(fused.predict(x), plain.predict(x), atol=1e-5)
    np.testing.assert_array_equal(fused.predict(x[:1]), fused.predict(x)[:1])
