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


def influences(model, shape):
    """Each position of the output, and which pixels its values change with: (height, width)."""
    for position in np.ndindex(*model.output_shape[:2]):
        gradient = np.zeros((1, *model.output_shape))
        gradient[0, *position] = [1, 0.3][: gradient.shape[-1]]
        model.forward(np.ones((1, *shape)))
        yield position, model.backward(gradient)[0].any(axis=-1)


def on_image(field, shape):
    """The pixels of a receptive field that lie on the image: (height, width)."""
    rows, columns = (np.isin(range(side), at) for at, side in zip(field, shape, strict=False))
    return rows[:, None] & columns


@pytest.mark.parametrize("name", CHAINS)
def test_exactly_these_pixels_have_an_influence(name):
    shape = (12, 10, 1)
    model = Sequential(CHAINS[name](), shape, seed=0, device="reference")
    for position, influence in influences(model, shape):
        field = trace(model.layers, shape, position)[0]
        assert np.array_equal(influence, on_image(field, shape)), position


def drawn(rng):
    """Layers in a row, one image's shape, and whether some window leaves pixels out."""

    def pick(*choices):
        return choices[rng.integers(len(choices))]

    def pair(low, high):
        return tuple(map(int, rng.integers(low, high + 1, 2)))

    def convolution():
        window, strides = pair(1, 4), pair(1, 3)
        padding, gaps = pick("valid", "same", pair(0, 3)), pick(1, 1, 1, pair(1, 2))
        return layers.Conv2D(1, window, strides, padding, dilation_rate=gaps)

    def transposed():
        padding = pick("valid", "same", pair(0, 3))
        return layers.Conv2DTranspose(1, pair(1, 4), pair(1, 2), padding)

    def block():
        inner = [layers.Conv2D(1, size, padding="same") for size in (pick(1, 3), 3)]
        return layers.Residual(inner, pick(None, layers.Conv2D(1, 1)))

    kinds = (
        convolution,
        convolution,
        lambda: layers.AveragePooling2D(pair(1, 3), pick(None, pair(1, 3)), pick("valid", "same")),
        lambda: layers.UpSampling2D(pair(1, 2), pick("nearest", "bilinear")),
        lambda: layers.Conv2DTranspose(
            1, pair(1, 4), pair(1, 2), pick("valid", "same", pair(0, 3))
        ),
        block,
    )
    shape = now = (*pair(3, 11), 1)
    chain = []
    for _ in range(int(rng.integers(2, 6))):
        layer = pick(*kinds)()
        try:
            after = layer.output_shape(now)
        except ValueError:  # its window does not fit
            continue
        if max(after) <= 16:
            chain.append(layer)
            now = after
    return chain, shape, any(map(leaves_out, chain))


def leaves_out(layer):
    """Whether there are pixels between those that a window of the layer takes, or two of them."""
    if isinstance(layer, layers.Conv2D) and layer.dilation_rate != (1, 1):
        return True
    if not hasattr(layer, "window"):
        return False
    return any(cells < apart for cells, apart in zip(layer.window, layer.strides, strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_drawn_layers(seed):
    rng = np.random.default_rng(seed)
    chain, shape, with_gaps = drawn(rng)
    model = Sequential(chain, shape, seed=seed, device="reference")
    # no weights that cancel
    model.set_weights([rng.uniform(0.5, 1, weight.shape) for weight in model.get_weights()])
    for position, influence in influences(model, shape):
        try:
            field = trace(model.layers, shape, position)[0]
        except ValueError as error:
            assert "depends on no pixel" in str(error) and not influence.any()
            continue
        there = on_image(field, shape)
        assert not (influence & ~there).any(), position
        assert with_gaps or np.array_equal(influence, there), position


def test_pixels_that_a_layer_drops_are_seen_by_nobody():
    """... whatever pads what it gives."""
    pooled = [layers.MaxPooling2D(2), layers.Conv2D(1, 3, padding="same")]
    assert trace(pooled, (7, 7, 1), (2, 0))[0] == (range(2, 6), range(-2, 4))
    cut_off = [layers.Conv2DTranspose(1, 1, padding=1), layers.Conv2D(1, 3, padding=1)]
    assert trace(cut_off, (5, 5, 1), (0, 2))[0] == (range(1, 3), range(2, 4))
    padding_alone = [layers.MaxPooling2D(2), layers.Conv2D(1, 1, padding=1)]
    assert trace(padding_alone, (7, 7, 1), (4, 0))[0] == (range(7, 8), range(-2, 0))


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
