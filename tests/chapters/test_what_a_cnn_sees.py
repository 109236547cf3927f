"""The exercises of the chapter about what a network sees."""

import numpy as np
import pytest

from cnncourse import Sequential, explanations, layers, receptive_field
from cnncourse.chapters.what_a_cnn_sees import exercises


def blocks(count):
    chain = []
    for _ in range(count):
        chain += [layers.Conv2D(2, 3, activation="relu"), layers.MaxPooling2D(2)]
    return chain[:-1]


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (38, "right"),
        (18, "the third convolution's"),
        (20, "8 pixels"),
        (22, "third pooling"),
        (26, "behind it 8"),
        (46, "not 3"),
        (7, "go on from 18"),
    ],
)
def test_field(answer, hint, says):
    says(hint, exercises.check_field, answer)


def test_the_fields_are_those_of_the_blocks():
    sides = []
    for count in 3, 4:
        rows, _ = receptive_field.trace(blocks(count), (200, 200, 1), (1, 1))[0]
        sides.append(len(rows))
    assert sides == [18, exercises.FIELD]


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda maps, weights: None, "not answered yet"),
        (exercises.class_map, "right"),
        (lambda maps, weights: maps @ weights, "is set to 0"),
        (lambda maps, weights: np.maximum(maps * weights, 0).sum(axis=2), "add first"),
        (lambda maps, weights: maps @ abs(weights), "speak against"),
        (lambda maps, weights: maps.mean(axis=2), "counts by its weight"),
        (lambda maps, weights: maps.sum(axis=2), "counts by its weight"),
        (lambda maps, weights: maps * weights, "(3, 4), got (3, 4, 5)"),
        (lambda maps, weights: maps[..., 0], "over the filters"),
    ],
)
def test_class_map(function, hint, says):
    says(hint, exercises.check_class_map, function)


def test_the_class_map_is_grad_cam_behind_global_pooling():
    chain = [layers.Conv2D(4, 3, activation="relu"), layers.GlobalAveragePooling2D()]
    model = Sequential([*chain, layers.Dense(3)], input_shape=(8, 8, 1), seed=0)
    image = np.random.default_rng(0).random((8, 8, 1))
    maps = explanations.activations(model, image[None])["conv2d_1"][0]
    weights = model.layers[-1].get_weights()[0]  # (4, 3)
    by_hand = exercises.class_map(maps, weights[:, 1]) / maps[..., 0].size
    assert np.allclose(explanations.grad_cam(model, image[None], classes=1)[0], by_hand, atol=1e-6)


def in_place(predict, image, size):
    drops = np.zeros([side // size for side in image.shape])
    for i, j in np.ndindex(drops.shape):
        before = predict(image[None])[0]
        image[i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
        drops[i, j] = before - predict(image[None])[0]
    return drops


def only_the_square(predict, image, size):
    drops = np.zeros([side // size for side in image.shape])
    for i, j in np.ndindex(drops.shape):
        square = np.zeros_like(image)
        part = slice(i * size, (i + 1) * size), slice(j * size, (j + 1) * size)
        square[part] = image[part]
        drops[i, j] = predict(image[None])[0] - predict(square[None])[0]
    return drops


def left_over(predict, image, size):
    return predict(image[None])[0] - exercises.occlusion(predict, image, size)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda predict, image, size: None, "not answered yet"),
        (exercises.occlusion, "right"),
        (lambda *given: -exercises.occlusion(*given), "the sign"),
        (in_place, "cover a copy"),
        (left_over, "how much was lost"),
        (only_the_square, "leave the rest as it is"),
        (lambda predict, image, size: image, "one value for each square"),
        (lambda predict, image, size: image[::size, ::size], "predict(image) minus"),
    ],
)
def test_occlusion(function, hint, says):
    says(hint, exercises.check_occlusion, function)
