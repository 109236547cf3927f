"""The exercises of the lab with RMSprop."""

import numpy as np
import pytest

from cnncourse import Sequential, layers
from cnncourse.chapters.mnist_with_rmsprop import exercises


def parameters(pooled):
    """Those of the lab's network, with its two poolings or without."""
    model = Sequential(input_shape=(28, 28, 1))
    for filters in (32, 64, 64):
        model.add(layers.Conv2D(filters, 3))
        if pooled and filters < 64 or pooled and len(model.layers) == 3:
            model.add(layers.MaxPooling2D(2))
    for layer in (layers.Flatten(), layers.Dense(64), layers.Dense(10)):
        model.add(layer)
    return model.count_params()


def test_the_numbers_of_parameters():
    assert parameters(pooled=True) == exercises.POOLED
    assert parameters(pooled=False) == 2_038_922  # as the solution says


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (2_038_922, "right"),
        (93_322, "pooling has no parameters"),
        (2_038_858, "a bias for each of the 64 units"),
        (1_982_528, "the others"),
        (3_267_722, "takes off two rows"),
        (87_434, "all 64 maps"),
        (2_415_754, "end at 22×22"),
        (1, "what does the first dense layer take in?"),
    ],
)
def test_parameters(answer, hint, says):
    says(hint, exercises.check_parameters, answer)


def by_windows(low, high, alike=False, seeded=True, axes=(True, True), diagonal=False):
    """A shift by cutting windows, or one with a mistake."""

    def function(images, reach, rng):
        rng = rng if seeded else np.random.default_rng()
        count = 1 if alike else len(images)
        moves = rng.integers(low(reach), high(reach), size=(count, 2), endpoint=True)
        moves = np.resize(moves, (len(images), 2)) * np.array(axes, int)
        if diagonal:
            moves[:, 1] = moves[:, 0]
        wide = 2 * reach
        padded = np.pad(images, ((0, 0), (wide, wide), (wide, wide), (0, 0)))
        side = images.shape[1]
        return np.stack(
            [p[wide - d : wide - d + side, wide - r : wide - r + side]
             for p, (d, r) in zip(padded, moves, strict=True)]
        )  # fmt: skip

    return function


def full(reach):
    return reach


def other(reach):
    return -reach


def none(reach):
    return 0


def overwriting(images, reach, rng):
    images[:] = exercises.random_shift(images, reach, rng)
    return images


def rolled(images, reach, rng):
    moves = rng.integers(-reach, reach, size=(len(images), 2), endpoint=True)
    return np.stack([np.roll(i, m, axis=(0, 1)) for i, m in zip(images, moves, strict=True)])


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda images, reach, rng: None, "not answered yet"),
        (exercises.random_shift, "right"),
        (by_windows(other, full), "right"),
        (rolled, "comes back at the other"),
        (overwriting, "overwritten"),
        (by_windows(other, full, alike=True), "all images move alike"),
        (lambda images, reach, rng: images.copy(), "all images move alike"),
        (by_windows(none, full), "up and left"),
        (by_windows(other, lambda reach: reach - 1), "is the end of the range included"),
        (by_windows(lambda reach: 1 - reach, full), "is the end of the range included"),
        (by_windows(lambda reach: -reach - 1, full), "no shift is larger"),
        (by_windows(other, full, axes=(True, False)), "no image moves right"),
        (by_windows(other, full, axes=(False, True)), "no image moves down"),
        (by_windows(other, full, diagonal=True), "always equal"),
        (by_windows(other, full, seeded=False), "from rng"),
        (lambda images, reach, rng: images[:, 1:], "the shape stays"),
        (lambda images, reach, rng: images + 1, "more than moved"),
    ],
)
def test_random_shift(function, hint, says):
    says(hint, exercises.check_random_shift, function)


@pytest.mark.parametrize(
    ("does_more", "hint"),
    [
        (None, "not answered yet"),
        ("shifts", "right"),
        ("schedule", "hardly more than another seed"),
        ("seeds cannot tell", "for the schedule they cannot"),
        ("both", "one of 'schedule', 'seeds cannot tell', 'shifts'"),
    ],
)
def test_ablation(does_more, hint, says):
    says(hint, exercises.check_ablation, does_more)


@pytest.mark.parametrize(
    ("digits", "hint"),
    [
        (None, "not answered yet"),
        ({0, 1, 8}, "right"),
        ([8, 0], "right"),
        ({0, 3, 8}, "upside down"),
        ({0, 6, 8}, "when it is turned"),
        ({2, 5}, "more like a 5"),
        ({8}, "there are more"),
        ({0, 8, 11}, "from 0 to 9"),
    ],
)
def test_mirrored(digits, hint, says):
    says(hint, exercises.check_mirrored, digits)
