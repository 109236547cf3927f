"""What layers, optimizers and losses look like: the call that makes them."""

import pytest

from cnncourse import initializers, layers, losses, optimizers


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (layers.Conv2D(32, 5, activation="relu"), 'Conv2D(32, (5, 5), activation="relu")'),
        (layers.Conv2D(8, 3, 2, "same"), 'Conv2D(8, (3, 3), strides=(2, 2), padding="same")'),
        (layers.Dense(10, use_bias=False), "Dense(10, use_bias=False)"),
        (
            layers.Dense(10, kernel_initializer=initializers.normal(0.1)),
            "Dense(10, kernel_initializer=Normal(stddev=0.1))",
        ),
        (layers.MaxPooling2D(2), "MaxPooling2D(pool_size=(2, 2))"),
        (layers.MaxPooling2D(3, strides=2), "MaxPooling2D(pool_size=(3, 3), strides=(2, 2))"),
        (layers.LpPooling2D(2, p=3), "LpPooling2D(pool_size=(2, 2), p=3)"),
        (layers.Dropout(0.5), "Dropout(0.5)"),
        (layers.BatchNormalization(0.9), "BatchNormalization(momentum=0.9)"),
        (layers.LayerNormalization(scale=False), "LayerNormalization(axis=-1, scale=False)"),
        (layers.Flatten(), "Flatten()"),
        (layers.Residual([layers.ReLU()]), "Residual([ReLU()])"),
        (
            layers.Residual([layers.Dense(8)], layers.Dense(8), activation="relu", name="block"),
            'Residual([Dense(8)], shortcut=[Dense(8)], activation="relu", name="block")',
        ),
        (optimizers.SGD(learning_rate=0.1), "SGD(learning_rate=0.1)"),
        (optimizers.SGD(0.1, momentum=0.9), "SGD(learning_rate=0.1, momentum=0.9)"),
        (optimizers.Adam(), "Adam(learning_rate=0.001)"),
        (losses.SoftmaxCrossEntropy(), "SoftmaxCrossEntropy(from_logits=True)"),
        (losses.Euclidean(), "Euclidean()"),
    ],
)
def test_it_is_the_call_that_makes_it(thing, text):
    assert repr(thing) == text


def test_a_layer_of_ones_own_without_its_arguments_as_attributes():
    class Own(layers.Layer):
        def __init__(self, secret):
            super().__init__()

    assert repr(Own(3)) == "Own(…)"
    assert str(Own(3)) == "own (Own)"


def test_a_repr_never_raises():
    class Own(layers.Layer):
        def __init__(self, size):
            super().__init__()
            self.size = f"{size + 0} pixels"

    assert repr(Own(3)) == "Own(…)"
