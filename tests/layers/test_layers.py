"""Layers: shapes, weights, and errors that name the layer and say what to do."""

import numpy as np
import pytest

from cnncourse import layers


def test_conv2d_is_the_sum_it_says():
    layer = layers.Conv2D(1, 2)
    layer.build((3, 3, 1))
    layer.set_weights([np.arange(4.0).reshape(2, 2, 1, 1), np.array([10.0])])
    image = np.arange(9.0).reshape(1, 3, 3, 1)
    # 0·0 + 1·1 + 2·3 + 3·4 = 19, and a bias of 10; each step moves all four pixels by 1
    assert layer(image)[0, :, :, 0].tolist() == [[29, 35], [47, 53]]


def test_a_layer_called_on_images_includes_its_activation():
    layer = layers.Dense(2, activation="relu")
    layer.build((2,))
    layer.set_weights([np.eye(2), np.zeros(2)])
    assert layer([[-1.0, 2.0]]).tolist() == [[0, 2]]


def test_max_pooling_drops_what_does_not_fill_a_window():
    image = np.arange(25.0).reshape(1, 5, 5, 1)
    assert layers.MaxPooling2D(2)(image)[0, :, :, 0].tolist() == [[6, 8], [16, 18]]


def test_max_pooling_padding_never_wins():
    image = np.full((1, 3, 3, 1), -5.0)
    assert (layers.MaxPooling2D(2, padding="same")(image) == -5).all()
    assert (layers.MaxPooling2D(3, strides=1, padding=1)(image) == -5).all()


IMAGE = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])[None, :, :, None]


def plane(images):
    """The numbers of the only channel of the only image, rounded."""
    return np.round(images[0, :, :, 0], 5).tolist()


def test_average_pooling_counts_no_padding():
    assert plane(layers.AveragePooling2D(2, strides=1)(IMAGE)) == [[3, 4], [6, 7]]
    # "same" adds a row below and a column to the right, which do not count
    assert plane(layers.AveragePooling2D(2, padding="same")(IMAGE)) == [[3, 4.5], [7.5, 9]]


def test_weighted_pooling_counts_the_centre_most():
    layer = layers.WeightedAveragePooling2D(3)
    weights = layer.cell_weights((3, 3))
    assert weights[1, 1] == 1
    assert weights[0, 1] == weights[1, 0] == 0.5
    assert weights[0, 0] == pytest.approx(1 / (1 + np.sqrt(2)))
    spot = np.zeros((1, 3, 3, 1))
    spot[0, 1, 1] = 1
    assert layer(spot).item() == pytest.approx(1 / weights.sum())
    assert layer(np.full((1, 3, 3, 1), 7.0)).item() == pytest.approx(7)  # a mean stays a mean
    assert (layer.cell_weights((2, 2)) == layer.cell_weights((2, 2))[0, 0]).all()


def test_lp_pooling_is_the_norm():
    assert plane(layers.LpPooling2D(2, strides=1)(IMAGE))[0][0] == pytest.approx(
        np.sqrt(46), abs=1e-5
    )
    assert plane(layers.LpPooling2D(2, strides=1, p=1)(-IMAGE)) == [[12, 16], [24, 28]]
    large = layers.LpPooling2D(2, strides=1, p=50)(IMAGE)  # towards the maximum
    assert plane(large)[1][1] == pytest.approx(9, rel=0.01)


def test_global_pooling_gives_a_number_a_channel():
    images = np.arange(24.0).reshape(2, 2, 3, 2)
    assert layers.GlobalMaxPooling2D()(images).tolist() == images.max(axis=(1, 2)).tolist()
    assert layers.GlobalAveragePooling2D()(images).tolist() == images.mean(axis=(1, 2)).tolist()


def test_batch_normalisation_in_training_and_after():
    rng = np.random.default_rng(0)
    batch = rng.normal(5, 3, (64, 4, 4, 2))
    layer = layers.BatchNormalization(momentum=0.75, epsilon=1e-6)
    out = layer(batch, training=True)
    assert np.allclose(out.mean(axis=(0, 1, 2)), 0, atol=1e-5)
    assert np.allclose(out.std(axis=(0, 1, 2)), 1, atol=1e-5)
    mean, variance = batch.mean(axis=(0, 1, 2)), batch.var(axis=(0, 1, 2))
    assert np.allclose(layer.statistics["moving_mean"], 0.25 * mean, rtol=1e-5)
    assert np.allclose(layer.statistics["moving_variance"], 0.75 + 0.25 * variance, rtol=1e-5)
    image = batch[:1]
    expected = (image - 0.25 * mean) / np.sqrt(0.75 + 0.25 * variance + 1e-6)
    assert np.allclose(layer(image), expected, atol=1e-5)
    assert [weight.shape for weight in layer.get_weights()] == [(2,)] * 4  # as in Keras


def test_softmax_of_maps_goes_position_by_position():
    scores, gradient = np.random.default_rng(0).standard_normal((2, 3, 4, 5, 6))
    rows, maps = layers.Softmax(), layers.Softmax()
    expected = rows(scores.reshape(-1, 6))
    assert np.array_equal(maps(scores), expected.reshape(scores.shape))
    assert np.allclose(np.sum(maps(scores), axis=-1), 1)
    gradient = np.float32(gradient)
    back = rows.backward(gradient.reshape(-1, 6))
    assert np.array_equal(maps.backward(gradient), back.reshape(scores.shape))


def test_dropout_only_in_training():
    layer = layers.Dropout(0.25)
    ones = np.ones((100, 100))
    assert (layer(ones) == 1).all()
    out = layer(ones, training=True)
    assert set(np.unique(out)) == {0, np.float32(1 / 0.75)}
    assert abs((out == 0).mean() - 0.25) < 0.03
    assert (layer.backward(np.ones((100, 100), np.float32)) == out).all()
    assert (layer(ones, training=True) != out).any()  # new ones each time


def test_flatten_runs_through_channels_fastest_and_back():
    layer = layers.Flatten()
    image = np.arange(12.0).reshape(1, 2, 3, 2)
    assert layer(image).tolist() == [list(range(12))]
    assert layer.backward(layer(image)).shape == image.shape


def test_weights_are_copies_both_ways():
    layer = layers.Dense(2)
    layer.build((3,), rng=np.random.default_rng(0))
    given = [np.ones((3, 2), np.float32), np.ones(2, np.float32)]
    layer.set_weights(given)
    given[0][0, 0] = 7
    layer.get_weights()[1][0] = 7
    assert all((weights == 1).all() for weights in layer.get_weights())


def test_glorot_keeps_to_its_limit():
    layer = layers.Conv2D(64, 5)
    layer.build((12, 12, 32), rng=np.random.default_rng(0))
    kernel, bias = layer.get_weights()
    limit = np.sqrt(6 / (25 * (32 + 64)))
    assert 0.99 * limit < abs(kernel).max() <= limit
    assert abs(kernel.mean()) < 0.01 * limit
    assert not bias.any()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (layers.Conv2D(8, 3), (28, 28), r"conv2d \(Conv2D\): expected 4 axes .* image\[None\]"),
        (layers.Conv2D(8, 9), (8, 8, 1), r"conv2d \(Conv2D\): a window of 9×9 does not fit"),
        (layers.MaxPooling2D(4), (3, 3, 1), r"max_pooling2d .*: a window of 4×4 does not fit"),
        (layers.Dense(3), (4, 4, 2), r"dense \(Dense\): expected \(images, features\).*Flatten"),
        (layers.Softmax(), (4, 2), r"softmax .*: expected \(images, classes\) or \(images, height"),
    ],
)
def test_what_a_layer_cannot_take_is_refused_by_name(layer, shape, message):
    with pytest.raises(ValueError, match=message):
        layer.build(shape)
    assert layer.backend is None  # not half-built


def test_a_built_layer_refuses_other_channels():
    layer = layers.Conv2D(4, 3)
    layer.build((8, 8, 3))
    with pytest.raises(ValueError, match="expected images of 3 channels.*got 1"):
        layer(np.zeros((2, 8, 8, 1)))
    assert layer(np.zeros((2, 9, 12, 3))).shape == (2, 7, 10, 4)  # other sizes are fine


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.Conv2D(0, 3), ValueError, "filters must be at least 1"),
        (lambda: layers.Conv2D(8.0, 3), TypeError, "filters must be a whole number"),
        (lambda: layers.Conv2D(8, 3, strides=0), ValueError, "strides must be at least 1"),
        (lambda: layers.Conv2D(8, 3, padding="full"), ValueError, "padding must be 'valid'"),
        (lambda: layers.Conv2D(8, 3, activation="relux"), ValueError, "activation must be None"),
        (lambda: layers.MaxPooling2D(2, padding=2), ValueError, "smaller than the window"),
        (lambda: layers.Dense(-1), ValueError, "units must be at least 1"),
        (lambda: layers.Dropout(1), ValueError, "rate must be a number from 0 to below 1"),
        (lambda: layers.LpPooling2D(p=0.5), ValueError, "p must be a number from 1 on"),
        (
            lambda: layers.BatchNormalization(epsilon=0),
            ValueError,
            "epsilon must be a number above",
        ),
        (lambda: layers.BatchNormalization(2), ValueError, "momentum must be a number from 0 to 1"),
        (
            lambda: layers.Dense(1, kernel_initializer="he"),
            ValueError,
            "initializer must be one of",
        ),
        (lambda: layers.Dense(1, kernel_initializer=3), TypeError, "initializer must be a name"),
    ],
)
def test_bad_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_set_weights_of_wrong_shape_changes_nothing():
    layer = layers.Dense(2)
    layer.build((3,))
    before = layer.get_weights()
    for wrong in ([np.ones((3, 2))], [np.ones((3, 2)), np.ones(3)]):
        with pytest.raises(ValueError, match=r"dense \(Dense\): expected weights of the shapes"):
            layer.set_weights(wrong)
    assert all(map(np.array_equal, layer.get_weights(), before))


def test_a_layer_of_ones_own_in_a_few_lines():
    class Double(layers.Layer):
        def forward(self, x, training=False):
            return 2 * x

        def backward(self, gradient, need_input_gradient=True):
            return 2 * gradient

    assert Double()(np.ones((1, 3))).tolist() == [[2, 2, 2]]
