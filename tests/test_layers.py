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
        (layers.Softmax(), (4, 4, 2), r"softmax .*: expected \(images, classes\)"),
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
