"""What the exercises on what a network sees are about."""

import numpy as np

from cnncourse import Sequential, explanations, layers, receptive_field
from cnncourse.chapters.what_a_cnn_sees import exercises


def blocks(count):
    chain = []
    for _ in range(count):
        chain += [layers.Conv2D(2, 3, activation="relu"), layers.MaxPooling2D(2)]
    return chain[:-1]


def test_the_fields_are_those_of_the_blocks():
    sides = []
    for count in 3, 4:
        rows, _ = receptive_field.trace(blocks(count), (200, 200, 1), (1, 1))[0]
        sides.append(len(rows))
    assert sides == [18, exercises.field()]


def test_the_class_map_is_grad_cam_behind_global_pooling():
    chain = [layers.Conv2D(4, 3, activation="relu"), layers.GlobalAveragePooling2D()]
    model = Sequential([*chain, layers.Dense(3)], input_shape=(8, 8, 1), seed=0)
    image = np.random.default_rng(0).random((8, 8, 1))
    maps = explanations.activations(model, image[None])["conv2d_1"][0]
    weights = model.layers[-1].get_weights()[0]  # (4, 3)
    by_hand = exercises.class_map(maps, weights[:, 1]) / maps[..., 0].size
    assert np.allclose(explanations.grad_cam(model, image[None], classes=1)[0], by_hand, atol=1e-6)
