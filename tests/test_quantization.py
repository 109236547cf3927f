"""Quantisation: the integer reference by whole numbers of Python, and how far it is from real."""

from fractions import Fraction
from itertools import product
from math import floor

import numpy as np
import pytest

from cnncourse import Sequential, datasets, layers, networks, quantization
from cnncourse.quantization.fixed_point import fixed_point, requantize
from cnncourse.quantization.tensor import signed, unsigned, wide


@pytest.mark.parametrize("factor", [1e-9, 3e-4, 0.5, 0.999999999999, 1.0, 7.3, 2.0**29])
def test_a_fixed_point_factor_is_exact_to_30_bits(factor):
    multiplier, shift = fixed_point(factor)
    stands_for = Fraction(int(multiplier), 2 ** int(shift))
    assert abs(stands_for / Fraction(factor) - 1) <= Fraction(1, 2**30)


def test_factors_out_of_reach_saturate():
    assert fixed_point(1e30)[0] == 2**31 - 1 and fixed_point(1e30)[1] == 1
    assert requantize(np.int64(2**31 - 1), *fixed_point(1e-30)) == 0


def test_requantize_rounds_the_exact_product():
    rng = np.random.default_rng(0)
    sums = np.append(rng.integers(-(2**31), 2**31, 200), [0, 1, -1, 2**31 - 1, -(2**31)])
    for factor in 10.0 ** rng.uniform(-8, 2, 20):
        multiplier, shift = fixed_point(factor)
        exact = [
            floor(Fraction(int(s) * int(multiplier), 2 ** int(shift)) + Fraction(1, 2))
            for s in sums
        ]
        assert requantize(sums, multiplier, shift).tolist() == exact


def test_tensors():
    assert unsigned(1).integers([0, 1 / 255, 0.5, 1, 2, -1]).tolist() == [0, 1, 128, 255, 255, 0]
    assert signed(1).integers([0, 1, -1, -2]).tolist() == [128, 255, 1, 0]
    scores = wide(8, relu=False)
    assert scores.dtype == np.int16 and scores.integers([100, -100]).tolist() == [32767, -32767]
    assert wide(8, relu=True).integers([-1]).tolist() == [0]
    values = np.linspace(-1, 1, 301)
    assert abs(signed(1).real(signed(1).integers(values)) - values).max() <= signed(1).scale / 2


def by_hand(step, x):
    """A quantised convolution with its pooling, in Python's whole numbers."""
    geometry, pooling, kernel = step.step.geometry, step.step.pooling, step.kernel.tolist()
    u_cells, v_cells, channels, filters = step.kernel.shape
    height, width = geometry.image
    x = x.tolist()

    def total(row, column, f):
        found = int(step.bias[f])
        for u, v in product(range(u_cells), range(v_cells)):
            i = row * geometry.strides[0] - geometry.before[0] + u * step.step.dilation[0]
            j = column * geometry.strides[1] - geometry.before[1] + v * step.step.dilation[1]
            if 0 <= i < height and 0 <= j < width:
                for c in range(channels):
                    found += (x[i][j][c] - step.input.zero) * kernel[u][v][c][f]
        return found

    out = np.empty(step.step.output_shape, int)
    for i, j, f in np.ndindex(*out.shape):
        best = None
        for u, v in product(range(pooling.window[0]), range(pooling.window[1])):
            row = i * pooling.strides[0] - pooling.before[0] + u
            column = j * pooling.strides[1] - pooling.before[1] + v
            if 0 <= row < pooling.image[0] and 0 <= column < pooling.image[1]:
                here = total(row, column, f)
                best = here if best is None else max(best, here)
        factor = Fraction(int(step.multiplier[f]), 2 ** int(step.shift[f]))
        value = floor(best * factor + Fraction(1, 2)) + step.output.zero
        out[i, j, f] = min(max(value, step.output.low), step.output.high)
    return out


CONVOLUTIONS = {
    "valid, pooled": [layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(2)],
    "same, strides": [layers.Conv2D(3, (3, 2), strides=(2, 1), padding="same")],
    "dilated, padded": [layers.Conv2D(2, 2, padding=(1, 2), dilation_rate=(2, 1))],
    "pooled with padding": [
        layers.Conv2D(2, 2, bias_initializer="ones"),
        layers.MaxPooling2D((3, 2), padding="same"),
        layers.ReLU(),
    ],
}


@pytest.mark.parametrize("case", CONVOLUTIONS)
@pytest.mark.parametrize("shift", [0, 0.5])
def test_a_convolution_by_hand(case, shift):
    """The images' zero is the byte 0, or 128 where they are negative, too."""
    images = np.random.default_rng(1).random((2, 7, 6, 2)) - shift
    # what follows keeps the convolution from being the last step, which has 16 bits
    chain = [*CONVOLUTIONS[case], layers.AveragePooling2D(2, strides=1), layers.Flatten()]
    model = Sequential(chain, input_shape=(7, 6, 2), seed=0, device="reference")
    quantized = quantization.quantize(model, images)
    step = quantized.steps[0]
    x = quantized.image_integers(images)
    assert step.input.zero == (128 if shift else 0)
    assert step.kernel.dtype == np.int8 and abs(step.kernel.astype(int)).max() == 127
    for image, found in zip(x, step.run(x.astype(np.int64)), strict=True):
        np.testing.assert_array_equal(found, by_hand(step, image))


@pytest.fixture(scope="module")
def trained():
    digits = datasets.load("mnist")
    model = networks.explained()
    model.compile("adam")
    model.fit(digits.train.images[:1000], digits.train.labels[:1000], batch_size=50, verbose=0)
    return model, quantization.quantize(model, digits.train.images[:50]), digits.test


def test_it_predicts_as_the_model_does(trained):
    model, quantized, test = trained
    images, labels = test.images[:100], test.labels[:100]
    exact = model.predict(images)
    assert quantized.predict(images).dtype == np.float32
    assert abs(quantized.predict(images) - exact).max() < 0.05 * abs(exact).max()
    agree = quantized.integers(images).argmax(axis=1) == exact.argmax(axis=1)
    assert agree.mean() >= 0.98
    right = (quantized.integers(images).argmax(axis=1) == labels).mean()
    assert quantized.evaluate(images, labels) == right


def test_each_layers_error_is_small(trained):
    _, quantized, test = trained
    errors = quantized.layer_errors(test.images[:20])
    assert list(errors) == [step.name for step in quantized.network.steps]
    # half a step of 1/255 of the range, in an output that fills a part of it
    assert all(0 < error < 0.03 for error in errors.values())


def test_its_sizes(trained):
    _, quantized, _ = trained
    weights, filters = 25 * 16 + 25 * 16 * 32 + 7 * 7 * 32 * 10, 16 + 32 + 10
    assert quantized.sizes() == {
        "weights": weights + filters * 9,
        "activations": 14 * 14 * 16 + 7 * 7 * 32,
        "multiply_adds": 28 * 28 * 25 * 16 + 14 * 14 * 25 * 16 * 32 + 7 * 7 * 32 * 10,
    }


def test_a_softmax_at_the_end_is_applied_to_the_prediction():
    images = np.random.default_rng(0).random((8, 5))
    chain = [layers.Dense(3, activation="softmax")]
    model = Sequential(chain, input_shape=(5,), seed=0, device="reference")
    quantized = quantization.quantize(model, images)
    assert quantized.integers(images).dtype == np.int16
    np.testing.assert_allclose(quantized.predict(images), model.predict(images), atol=0.01)


def test_the_model_stays_as_it_is(trained):
    model, _, test = trained
    before = model.get_weights()
    quantization.quantize(model, test.images[:5])
    assert all(map(np.array_equal, before, model.get_weights()))


def test_refused():
    model = networks.explained()
    with pytest.raises(ValueError, match=r"quantize: expected images \(images, 28, 28, 1\)"):
        quantization.quantize(model, np.zeros((3, 28, 28)))
    with pytest.raises(TypeError, match="model must be a Sequential"):
        quantization.quantize(None, np.zeros((3, 28, 28, 1)))
    quantized = quantization.quantize(model, np.zeros((3, 28, 28, 1)))
    with pytest.raises(ValueError, match="labels: expected one for each of 3 images"):
        quantized.evaluate(np.zeros((3, 28, 28, 1)), [1, 2])
