"""The convolutional layer's exercises, and its images of crosses."""

import numpy as np
import pytest
from answers.the_convolutional_layer import by_positions, first_step_only

from cnncourse import Sequential, layers
from cnncourse.chapters.the_convolutional_layer import crosses
from cnncourse.chapters.the_convolutional_layer import exercises as conv
from cnncourse.chapters.the_convolutional_layer.crosses import CROSS
from cnncourse.kernels.geometry import Geometry


def test_the_solution_counts_what_geometry_computes():
    for W, F, P, S in (10, 2, 0, 1), (10, 3, 1, 2), (7, 7, 3, 4), (1, 1, 0, 4):
        expected = Geometry.of((W, W), (F, F), (S, S), (P, P)).output[0]
        assert conv.output_size(W, F, P, S) == expected


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
