"""Answers to the exercises on what a network sees, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.what_a_cnn_sees import exercises


def all_at_once(predict, image, size):
    drops = np.zeros([side // size for side in image.shape])
    copies = np.repeat(image[None], drops.size, axis=0)
    for k, (i, j) in enumerate(np.ndindex(drops.shape)):
        copies[k, i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
    return predict(image[None]) - predict(copies).reshape(drops.shape)


def in_place(predict, image, size):
    drops = np.zeros([side // size for side in image.shape])
    for i, j in np.ndindex(drops.shape):
        before = predict(image[None])[0]
        image[i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
        drops[i, j] = before - predict(image[None])[0]
    return drops


def on_one_copy(predict, image, size):
    before, image = predict(image[None])[0], image.copy()
    drops = np.zeros([side // size for side in image.shape])
    for i, j in np.ndindex(drops.shape):
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


ANSWERS = {
    exercises.check_field: [
        (38.0, "right: "),
        (18, "the third convolution's"),
        (20, "8 pixels"),
        (22, "third pooling"),
        (26, "after it 8"),
        (30, "after it 8"),
        (46, "not 3"),
        (7, "go on from 18"),
    ],
    exercises.check_class_map: [
        (lambda maps, weights: np.maximum((maps * weights).sum(axis=-1), 0), "right: "),
        (lambda maps, weights: maps @ weights, "is set to 0"),
        (lambda maps, weights: np.maximum(maps * weights, 0).sum(axis=2), "add first"),
        (lambda maps, weights: maps @ abs(weights), "speak against"),
        (lambda maps, weights: abs(maps @ weights), "its size does not count"),
        (lambda maps, weights: maps.mean(axis=2), "counts by its weight"),
        (lambda maps, weights: maps.sum(axis=2), "counts by its weight"),
        (lambda maps, weights: maps * weights, "add up over the filters"),
        (lambda maps, weights: np.maximum(maps * weights, 0), "(3, 4), yours is (3, 4, 5)"),
        (lambda maps, weights: maps[..., 0], "the values are not"),
    ],
    exercises.check_occlusion: [
        (all_at_once, "right: "),
        (lambda *given: -exercises.occlusion(*given), "the sign"),
        (in_place, "your function changes the arrays"),
        (on_one_copy, "begin each with a new copy"),
        (left_over, "how much was lost"),
        (only_the_square, "leave the rest as it is"),
        (lambda predict, image, size: image, "the shape should be (2, 3), yours is (4, 6)"),
        (lambda predict, image, size: image[::size, ::size], "the values are not"),
    ],
    exercises.check_cured: [
        (0.7, 0.02, "right: "),
        (0.6, None, "not answered yet"),
        (0.0, 0.41, "the shop's network's"),
        (1.0, 0.01, "take those without"),
        (0.6, 0.4, "it still looks at the tag"),
        (0.2, 0.0, "train for four epochs"),
        (60, 0.5, "expected two shares"),
    ],
}
