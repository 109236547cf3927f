"""Moved images, hidden crosses, and races: what chapters 02 and 03 measure with."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.augmentation.shift import shift
from cnncourse.chapters.activations_and_pooling.steps_until import steps_until
from cnncourse.chapters.the_convolutional_layer.crosses import CROSS, crosses


@pytest.mark.parametrize("steps", [(0, 0), (2, 0), (-1, 3), (1, -4), (5, 9), (-5, -4)])
def test_shift_moves_every_pixel(steps):
    images = np.random.default_rng(0).standard_normal((2, 5, 4, 3))
    kept = images.copy()
    moved = shift(images, *steps)
    for row, column in np.ndindex(5, 4):
        old = row - steps[0], column - steps[1]
        inside = 0 <= old[0] < 5 and 0 <= old[1] < 4
        assert np.array_equal(
            moved[:, row, column], images[:, *old] if inside else np.zeros((2, 3))
        )
    assert moved.dtype == images.dtype and np.array_equal(images, kept)


def test_a_single_image_is_refused():
    with pytest.raises(ValueError, match=r"a single image is image\[None\]"):
        shift(np.zeros((5, 4)), down=1)


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
    places = [place for image in images[labels == 1] for _, place in found(image)]
    assert set(places) == set(range(columns.start, columns.stop - 2))
    # five pixels scattered over 25 form a cross, by chance, 9 times in 53,130
    assert sum(any(found(image)) for image in images[labels == 0]) <= 1


def test_crosses_are_the_same_each_time():
    first, again = crosses(4, range(8), 5)[0], crosses(4, range(8), 5)[0]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, crosses(4, range(8), 6)[0])


def easy_race(learning_rate, limit=100):
    from cnncourse import optimizers

    rng = np.random.default_rng(0)
    x = rng.standard_normal((60, 2))
    model = Sequential([layers.Dense(2)], input_shape=(2,), seed=0)
    model.compile(optimizers.SGD(learning_rate))
    return steps_until(0.95, model, x, (x[:, 0] > 0).astype(int), limit=limit), model, x


def test_a_race_ends_when_the_accuracy_is_reached():
    steps, model, x = easy_race(0.1)
    assert steps % 10 == 0 and steps == model.optimizer.iterations
    assert model.evaluate(x, (x[:, 0] > 0).astype(int))[1] >= 0.95
    assert easy_race(0.1)[0] == steps
    slow, model, _ = easy_race(1e-6, limit=20)
    assert slow is None and model.optimizer.iterations == 20


def test_a_race_needs_a_goal():
    with pytest.raises(ValueError, match="accuracy must be above 0 and at most 1, got 90"):
        steps_until(90, Sequential([layers.Dense(2)], (2,)), np.zeros((1, 2)), [0])
