"""Receptive fields: computed, and compared with the pixels that really have an influence."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.model.summary import explanation
from cnncourse.receptive_field import trace

CHAINS = {
    "valid": lambda: [layers.Conv2D(2, 3), layers.Conv2D(2, (2, 3))],
    "strided": lambda: [layers.Conv2D(2, 3, strides=2), layers.Conv2D(2, 3, strides=(1, 2))],
    "same": lambda: [layers.Conv2D(2, 3, padding="same"), layers.Conv2D(2, 5, padding="same")],
    "same, odd zero behind": lambda: [layers.Conv2D(2, 3, strides=2, padding="same")],
    "padded": lambda: [layers.Conv2D(2, 4, strides=2, padding=(2, 1)), layers.Conv2D(1, 2)],
    "pooled": lambda: [
        layers.Conv2D(2, 3),
        layers.BatchNormalization(),
        layers.AveragePooling2D(2),
        layers.Conv2D(2, 2),
    ],
    "enlarged again": lambda: [
        layers.AveragePooling2D(2),
        layers.UpSampling2D((2, 3)),
        layers.Conv2D(2, 3),
    ],
    "bilinear": lambda: [
        layers.AveragePooling2D((3, 2)),
        layers.UpSampling2D((3, 2), "bilinear"),
        layers.Conv2D(2, (1, 2)),
    ],
    "transposed": lambda: [
        layers.AveragePooling2D((4, 5)),
        layers.Conv2DTranspose(2, (3, 4), strides=(2, 3), padding="same"),
        layers.Conv2D(2, 2),
    ],
    "transposed, cut": lambda: [
        layers.AveragePooling2D((4, 5)),
        layers.Conv2DTranspose(2, 3, strides=2, padding=(1, 0)),
    ],
}


@pytest.mark.parametrize("name", CHAINS)
def test_exactly_these_pixels_have_an_influence(name):
    shape = (12, 10, 1)
    model = Sequential(CHAINS[name](), shape, seed=0, device="reference")
    model.forward(np.ones((1, *shape)), training=False)
    rows, columns, _ = model.output_shape
    for position in np.ndindex(rows, columns):
        gradient = np.zeros((1, *model.output_shape))
        gradient[0, *position] = [1, 0.3][: gradient.shape[-1]]
        model.forward(np.ones((1, *shape)))
        influence = model.backward(gradient)[0, :, :, 0] != 0
        vertical, horizontal = trace(model.layers, shape, position)[0]
        expected = np.zeros(shape[:2], bool)
        for pixel in np.ndindex(*shape[:2]):
            expected[pixel] = pixel[0] in vertical and pixel[1] in horizontal
        assert np.array_equal(influence, expected), position


def test_the_size_is_that_of_the_table():
    chain = [layers.Conv2D(32, 5), layers.MaxPooling2D(2), layers.Conv2D(64, 5), layers.ReLU()]
    levels = trace(chain, (28, 28, 1), (3, 2))
    sizes = [(14, 14), (10, 10), (5, 5), (1, 1), (1, 1)]
    assert [tuple(map(len, level)) for level in levels] == sizes
    assert levels[-1] == (range(3, 4), range(2, 3))
    assert "14×14" in explanation(chain, (28, 28, 1))


def test_refusals():
    with pytest.raises(ValueError, match=r"flatten \(Flatten\) gives a row, .* leave out"):
        trace([layers.Conv2D(1, 3), layers.Flatten()], (6, 6, 1), (0, 0))
    with pytest.raises(ValueError, match=r"position \(4, 0\) is not in the output of 4×4"):
        trace([layers.Conv2D(1, 3)], (6, 6, 1), (4, 0))
    gaps = layers.Conv2DTranspose(1, 1, strides=2)
    assert trace([gaps], (6, 6, 1), (4, 2))[0] == (range(2, 3), range(1, 2))
    with pytest.raises(ValueError, match=r"depends on no pixel: the kernels of conv2d_transpose"):
        trace([gaps], (6, 6, 1), (4, 1))
