"""The convolutional layer's exercises, and its images of crosses."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.the_convolutional_layer import crosses
from cnncourse.chapters.the_convolutional_layer import exercises as conv
from cnncourse.chapters.the_convolutional_layer.crosses import CROSS
from cnncourse.kernels.geometry import Geometry


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda W, F, P, S: None, "not answered yet"),
        (lambda W, F, P, S: (W - F + 2 * P) // S + 1, "right"),
        (conv.output_size, "right"),
        (lambda W, F, P, S: (W - F + 2 * P) / S + 1, "round down"),
        (lambda W, F, P, S: (W - F) // S + 1, "padding were forgotten"),
        (lambda W, F, P, S: (W - F + P) // S + 1, "one side only"),
        (lambda W, F, P, S: (W - F + 2 * P) // S, "+ 1"),
        (lambda W, F, P, S: W - F + 2 * P + 1, "stride were 1"),
        (lambda W, F, P, S: -((F - W - 2 * P) // S) + 1, "the last window must fit"),
        (lambda W, F, P, S: round((W - F + 2 * P) / S) + 1, "round down, always"),
        (lambda W, F, P, S: -(-W // S), 'the size with padding="same"'),
        (lambda W, F, P, S: W - 2 * (F // 2), "only if F is odd"),
        (lambda W, F, P, S: (W - 2 * (F // 2) + 2 * P) // S, "F is odd, and the start counts too"),
        (lambda W, F, P, S: W - 2 * (F // 2) + 2 * P, "not yet"),
        (lambda W, F, P, S: 7, "gives 1, yours 7"),
    ],
)
def test_output_size(answer, hint, says):
    says(hint, conv.check_output_size, answer)


def test_the_solution_counts_what_geometry_computes():
    for W, F, P, S in (10, 2, 0, 1), (10, 3, 1, 2), (7, 7, 3, 4), (1, 1, 0, 4):
        expected = Geometry.of((W, W), (F, F), (S, S), (P, P)).output[0]
        assert conv.output_size(W, F, P, S) == expected


@pytest.mark.parametrize(
    ("count", "share", "hint"),
    [
        (None, None, "not answered yet"),
        (3, None, "not answered yet"),
        (3, 27 / 49, "right"),
        (3, 0.55, "right"),
        (2, 18 / 49, "see 5×5"),
        (1, 9 / 49, "1 layer of 3×3 see 3×3"),
        (3, 9 / 49, "one of them"),
        (3, 1.2, "9·C²"),
        (3, 0.5, "be exact"),
        (3, 55, "a percentage"),
        (3, 100 * 27 / 49, "a percentage"),
        (3, 49 / 27, "turn the fraction round"),
    ],
)
def test_stack(count, share, hint, says):
    says(hint, conv.check_stack, count, share)


@pytest.mark.parametrize(
    ("layer", "hint"),
    [
        (None, "not answered yet"),
        (layers.Conv2D(32, 5, strides=2, padding="same"), "right: 14×14×32 by 832 parameters"),
        (layers.Conv2D(32, 3, strides=2, padding=1), "right: 14×14×32 by 320 parameters"),
        (layers.Conv2D(32, 15), "7232 parameters"),
        (layers.Conv2D(32, 5, strides=2), "think of padding"),
        (layers.Conv2D(32, 5, padding="same"), "a stride"),
        (layers.Conv2D(16, 5, strides=2, padding="same"), "one map"),
        (layers.MaxPooling2D(2), "expected a layers.Conv2D"),
    ],
)
def test_layer(layer, hint, says):
    says(hint, conv.check_layer, layer)


def by_positions(x, kernel, bias, S, P, flip=False):
    """The layer as most people write it first: a loop for each index."""
    if flip:
        kernel = kernel[::-1, ::-1]
    (height, width), filters = kernel.shape[:2], kernel.shape[3]
    x = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    down, across = (x.shape[1] - height) // S + 1, (x.shape[2] - width) // S + 1
    out = np.zeros((len(x), down, across, filters))
    for n, i, j, o in np.ndindex(out.shape):
        window = x[n, i * S : i * S + height, j * S : j * S + width]
        out[n, i, j, o] = (window * kernel[..., o]).sum() + bias[o]
    return out


def first_step_only(x, kernel, bias, S, P):
    """One channel and one filter, no bias, stride or padding."""
    return by_positions(x[:1, ..., :1], kernel[:, :, :1, :1], 0 * bias, 1, 0)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda *arguments: None, "not answered yet"),
        (conv.conv2d, "right: all 9 steps"),
        (by_positions, "right: all 9 steps"),
        (lambda *a: by_positions(*a, flip=True), "step 1 of 9"),
        (lambda *a: by_positions(*a, flip=True), "does not flip"),
        (first_step_only, 'step 3 of 9, "several channels": only channel 0 is used'),
        (
            lambda x, k, b, S, P: conv.conv2d(x, k[..., :1], b[:1], S, P),
            'step 4 of 9, "several filters": the shape should be',
        ),
        (
            lambda x, k, b, S, P: conv.conv2d(x, k, b, 1, P),
            'step 7 of 9, "a stride": the stride is forgotten',
        ),
        (
            lambda x, k, b, S, P: conv.conv2d(x, k, b, S if P == 0 else 1, P),
            'step 9 of 9, "stride and padding together": the shape should be',
        ),
        (lambda *a: conv.conv2d(*a) + 1, "the shape is right, the values are not"),
        (lambda x, kernel, bias, S, P: x[99], "your function raises IndexError: index 99"),
    ],
)
def test_the_layer(answer, hint, says):
    says(hint, conv.check_conv2d, answer)


def test_the_solution_is_what_the_library_computes():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 9, 7, 4))
    for S, P in (1, 0), (2, 1), (3, 2):
        layer = layers.Conv2D(5, (3, 2), strides=S, padding=P, bias_initializer="normal")
        model = Sequential([layer], input_shape=x.shape[1:], seed=1)
        assert np.allclose(conv.conv2d(x, *model.get_weights(), S, P), model.predict(x), atol=1e-5)


def test_what_is_trained_is_what_is_right(capsys):
    assert conv.trainable(by_positions) is by_positions
    assert capsys.readouterr().out == "your layer is used\n"
    assert conv.trainable(first_step_only) is conv.conv2d
    assert capsys.readouterr().out == "not yet, so the solution is used\n"
    assert conv.trainable(lambda *arguments: None) is conv.conv2d
    assert capsys.readouterr().out == "not answered yet, so the solution is used\n"


def found(image):
    """Where the five pixels of a cross are all bright, and the other four dark."""
    for row, column in np.ndindex(14, 14):
        bright = image[row : row + 3, column : column + 3, 0] >= 1
        if np.array_equal(bright, CROSS == 1):
            yield row, column


@pytest.mark.parametrize("columns", [range(8), range(8, 16), range(16)])
def test_crosses_lie_where_they_are_said_to(columns):
    images, labels = crosses(300, columns, seed=1)
    assert images.shape == (300, 16, 16, 1) and images.dtype == np.float32
    assert labels.sum() == 150
    for image, label in zip(images, labels, strict=True):
        _, bright = np.nonzero(image[..., 0] >= 1)
        assert len(bright) == 5 and all(column in columns for column in bright)
        if label:
            assert len(list(found(image))) == 1
    columns_found = [column for image in images[labels == 1] for _, column in found(image)]
    assert set(columns_found) == set(range(columns.start, columns.stop - 2))
    # five pixels scattered over 25 form a cross 9 times in 53,130
    assert sum(any(found(image)) for image in images[labels == 0]) <= 1


def test_crosses_are_the_same_each_time():
    first, again = crosses(4, range(8), 5)[0], crosses(4, range(8), 5)[0]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, crosses(4, range(8), 6)[0])
