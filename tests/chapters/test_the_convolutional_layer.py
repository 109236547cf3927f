"""Chapters 02 and 03's exercises: right answers are accepted, wrong ones told what is wrong."""

import re

import numpy as np
import pytest

from cnncourse import layers
from cnncourse.chapters.activations_and_pooling import exercises as pooling
from cnncourse.chapters.the_convolutional_layer import exercises as conv
from cnncourse.kernels.geometry import Geometry


def printed(capsys):
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    return line


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda W, F, P, S: None, "not answered yet"),
        (lambda W, F, P, S: (W - F + 2 * P) // S + 1, "right"),
        (conv.output_size, "right"),
        (lambda W, F, P, S: (W - F + 2 * P) / S + 1, "round down"),
        (lambda W, F, P, S: (W - F) // S + 1, "padding were forgotten"),
        (lambda W, F, P, S: (W - F + P) // S + 1, "one side only"),
        (lambda W, F, P, S: (W - F + 2 * P) // S, r"\+ 1"),
        (lambda W, F, P, S: W - F + 2 * P + 1, "stride were 1"),
        (lambda W, F, P, S: W - 2 * (F // 2) + 2 * P, "not yet"),
        (lambda W, F, P, S: 7, "not yet"),
    ],
)
def test_output_size(answer, hint, capsys):
    conv.check_output_size(answer)
    line = printed(capsys)
    assert re.search(hint, line) and line.startswith("right") == (hint == "right")


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
    ],
)
def test_stack(count, share, hint, capsys):
    conv.check_stack(count, share)
    line = printed(capsys)
    assert hint in line and line.startswith("right") == (hint == "right")


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
def test_layer(layer, hint, capsys):
    conv.check_layer(layer)
    line = printed(capsys)
    assert hint in line and line.startswith("right") == hint.startswith("right")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: None, "not answered yet"),
        (pooling.leaky_slope, "right"),
        (lambda x: np.where(x > 0, x, 0.1 * x), "the function itself"),
        (lambda x: (x > 0) * 1.0, "slope of ReLU"),
        (lambda x: np.where(x > 0, 1, -0.1), "not −0.1"),
        (lambda x: np.where(x > 0, 0.1, 1), "confused"),
        (lambda x: 1.0, "as many slopes"),
        (lambda x: 0.5 * np.ones_like(x), "at x = -3 the slope is 0.1"),
    ],
)
def test_leaky_slope(answer, hint, capsys):
    pooling.check_leaky_slope(answer)
    line = printed(capsys)
    assert hint in line and line.startswith("right") == (hint == "right")


def four(x):
    return [x[:, u:4:2, v:6:2] for u in range(2) for v in range(2)]


def spoils(x):
    x[:] = 0
    return four(x)[0]


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: None, "not answered yet"),
        (pooling.max_pool, "right"),
        (lambda x: np.array(layers.MaxPooling2D(2)(x)), "right"),
        (lambda x: np.array(layers.AveragePooling2D(2)(x)), "the means"),
        (lambda x: four(x)[0], "the first number"),
        (lambda x: np.maximum(np.max(four(x), axis=0), 0), "below 0"),
        (lambda x: np.array(layers.MaxPooling2D(2, strides=1)(x))[:, :2, :3], "side by side"),
        (lambda x: np.array(layers.MaxPooling2D(2, padding="same")(x)), "becomes"),
        (spoils, "changes the array"),
        (lambda x: np.min(four(x), axis=0), "the numbers are not"),
    ],
)
def test_max_pool(answer, hint, capsys):
    pooling.check_max_pool(answer)
    line = printed(capsys)
    assert hint in line and line.startswith("right") == (hint == "right")


def test_the_solution_pools_as_the_layer_does():
    x = np.random.default_rng(0).standard_normal((3, 6, 5, 2))
    assert np.allclose(pooling.max_pool(x), layers.MaxPooling2D(2)(x))
